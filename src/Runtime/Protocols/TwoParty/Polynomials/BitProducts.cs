using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Shares of products b·X_1, b·X_2, … of a bit of one party and words that both share, modulo 2^ℓ, from one transfer: the bit chooses a
/// pad, or the pad plus the other party's share of a word, and multiplies its own party's share.
/// </summary>
/// <param name="Factors">How many X.</param>
/// <param name="RingBits">ℓ; 0 where there is nothing to multiply.</param>
internal readonly record struct BitProducts(int Factors, int RingBits)
{
    /// <summary>Bytes of the corrections that the offering party sends.</summary>
    public int CorrectionBytes(int count) => PackedBits.ByteCount((long)count * Factors * RingBits);

    /// <summary>The choosing party: receives corrections and has its shares of the products.</summary>
    /// <param name="channel">From the other party; the message has been begun.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="keys">Transfers in which the bits have chosen.</param>
    /// <param name="bits">b of each element.</param>
    /// <param name="own">Its shares of X_1, X_2, …; none where the other party has all.</param>
    /// <param name="products">Receive the shares, one list a factor.</param>
    public void Choose<TWord>(
        MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, ReadOnlySpan<TWord> bits, IReadOnlyList<Memory<TWord>> own, IReadOnlyList<Memory<TWord>> products)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        int stride = PowerPads<TWord>.Stride(Factors);
        Span<TWord> pads = stackalloc TWord[stride * Lanes.Count];
        TWord mask = Words.Mask<TWord>(RingBits);
        TweakableHash hash = Hash<TWord>(session, keys.Length);
        byte[] corrections = new byte[CorrectionBytes(keys.Length)];
        channel.Receive(corrections);
        BitReader reader = new(corrections);
        for (int element = 0; element < keys.Length; element++)
        {
            int lane = element % Lanes.Count;
            if (lane == 0)
                PowerPads<TWord>.Fill(hash, keys[element..Math.Min(keys.Length, element + Lanes.Count)], Factors, pads);
            for (int factor = 0; factor < Factors; factor++)
            {
                TWord chosen = reader.Read<TWord>(RingBits) + (own.Count == 0 ? TWord.Zero : own[factor].Span[element]);
                products[factor].Span[element] = (((TWord.Zero - bits[element]) & chosen) + pads[(lane * stride) + factor]) & mask;
            }
        }

        pads.Clear();
    }

    /// <summary>The offering party: sends corrections and has its shares of the products.</summary>
    /// <param name="channel">To the other party; the message has been begun.</param>
    /// <param name="session">Gives tweaks.</param>
    /// <param name="keys">The transfers.</param>
    /// <param name="delta">Their Δ.</param>
    /// <param name="offered">Its shares of X_1, X_2, ….</param>
    /// <param name="products">Receive the shares.</param>
    public void Offer<TWord>(
        MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, Block delta, IReadOnlyList<Memory<TWord>> offered, IReadOnlyList<Memory<TWord>> products)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        int stride = PowerPads<TWord>.Stride(Factors);
        Span<TWord> pads = stackalloc TWord[stride * Lanes.Count], offsetPads = stackalloc TWord[stride * Lanes.Count];
        TWord mask = Words.Mask<TWord>(RingBits);
        TweakableHash hash = Hash<TWord>(session, keys.Length);
        byte[] corrections = new byte[CorrectionBytes(keys.Length)];
        BitWriter writer = new(corrections);
        for (int element = 0; element < keys.Length; element++)
        {
            int lane = element % Lanes.Count;
            if (lane == 0)
                PowerPads<TWord>.FillBoth(hash, keys[element..Math.Min(keys.Length, element + Lanes.Count)], delta, Factors, pads, offsetPads);
            for (int factor = 0; factor < Factors; factor++)
            {
                TWord pad = pads[(lane * stride) + factor];
                writer.Write((pad - offsetPads[(lane * stride) + factor] + offered[factor].Span[element]) & mask, RingBits);
                products[factor].Span[element] = (TWord.Zero - pad) & mask;
            }
        }

        writer.Flush();
        pads.Clear();
        offsetPads.Clear();
        channel.Send(corrections);
    }

    private TweakableHash Hash<TWord>(GarblingSession session, int count)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => new(session.StartPoint, session.Reserve((ulong)PowerPads<TWord>.Rounds(count, Factors)));
}
