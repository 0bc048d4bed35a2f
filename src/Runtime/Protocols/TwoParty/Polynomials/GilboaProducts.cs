using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Shares of products A·B_1, A·B_2, … of words of different parties, modulo 2^ℓ, from a transfer for each bit of A: Gilboa, "Two party
/// RSA key generation" (CRYPTO 1999, section 4.1). Bit i chooses a pad, or the pad plus a word; of the sum Σ 2^i·… only the low ℓ − i
/// bits matter, so that no more are sent. A is a signed number of so many bits. Words have 64 bits, or 128 where ℓ is above 64.
/// </summary>
/// <param name="ChoiceBits">Bits of A, hence transfers of an element.</param>
/// <param name="Factors">How many B.</param>
/// <param name="RingBits">ℓ.</param>
internal readonly record struct GilboaProducts(int ChoiceBits, int Factors, int RingBits)
{
    private bool IsWide => RingBits > Words.NarrowBits;

    /// <summary>Transfers of so many elements.</summary>
    public int Transfers(int count) => checked(count * ChoiceBits);

    /// <summary>Bytes of the corrections that the offering party sends.</summary>
    public int CorrectionBytes(int count)
        => PackedBits.ByteCount((long)count * Factors * (((long)ChoiceBits * RingBits) - ((long)ChoiceBits * (ChoiceBits - 1) / 2)));

    /// <summary>The choosing party: makes its words choose.</summary>
    public WorkCost ChoiceWork(int count) => WorkCost.Of(Primitive.HandledElement, Transfers(count));

    /// <summary>The choosing party: pads and sums.</summary>
    public WorkCost ChooseWork(int count) => PadWork(count, fillings: 1);

    /// <summary>The offering party: pads, corrections and sums.</summary>
    public WorkCost OfferWork(int count) => PadWork(count, fillings: 2);

    /// <summary>The hash of so many elements, at fresh tweaks.</summary>
    public TweakableHash Hash(GarblingSession session, int count) => new(session.StartPoint, session.Reserve(Tweaks(count)));

    /// <summary>The choosing party: receives corrections and has its shares of the products.</summary>
    /// <param name="channel">From the other party; the message has been begun.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="keys">Transfers in which A's bits have chosen, element by element.</param>
    /// <param name="chosen">A of each element.</param>
    /// <param name="products">Receive the shares, one list a factor.</param>
    public void Choose<TWord>(MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, ReadOnlySpan<TWord> chosen, IReadOnlyList<Memory<TWord>> products)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        byte[] corrections = new byte[CorrectionBytes(chosen.Length)];
        channel.Receive(corrections);
        using GilboaChoices<TWord> choices = new(this, Hash(session, chosen.Length), keys, corrections);
        Span<TWord> shares = stackalloc TWord[Factors];
        for (int element = 0; element < chosen.Length; element++)
        {
            choices.Multiply(chosen[element], shares);
            for (int factor = 0; factor < Factors; factor++)
                products[factor].Span[element] = shares[factor];
        }
    }

    /// <summary>The offering party: sends corrections and has its shares of the products.</summary>
    /// <param name="channel">To the other party; the message has been begun.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="keys">The transfers.</param>
    /// <param name="delta">Their Δ.</param>
    /// <param name="offered">B_1, B_2, … of each element.</param>
    /// <param name="products">Receive the shares.</param>
    public void Offer<TWord>(
        MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, Block delta, IReadOnlyList<Memory<TWord>> offered, IReadOnlyList<Memory<TWord>> products)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        int count = offered[0].Length;
        byte[] corrections = new byte[CorrectionBytes(count)];
        using GilboaOffers<TWord> offers = new(this, Hash(session, count), keys, delta, corrections);
        Span<TWord> shares = stackalloc TWord[Factors];
        for (int element = 0; element < count; element++)
        {
            offers.Multiply(shares);
            for (int factor = 0; factor < Factors; factor++)
            {
                products[factor].Span[element] = shares[factor];
                offers.Offer(factor, offered[factor].Span[element]);
            }
        }

        offers.Flush();
        channel.Send(corrections);
    }

    private ulong Tweaks(int count)
        => (ulong)count * (ulong)(IsWide ? PowerPads<UInt128>.Rounds(ChoiceBits, Factors) : PowerPads<ulong>.Rounds(ChoiceBits, Factors));

    private WorkCost PadWork(int count, int fillings) => WorkCost.Stream(fillings * (long)Tweaks(count) * Lanes.Count)
        + WorkCost.Of(Primitive.HandledElement, (long)count * Factors * ChoiceBits * (IsWide ? 2 : 1));
}
