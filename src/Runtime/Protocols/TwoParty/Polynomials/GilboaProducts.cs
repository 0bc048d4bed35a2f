using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Shares of products A·B_1, A·B_2, … of words of different parties, modulo 2^ℓ, from a transfer for each bit of A: Gilboa, "Two party
/// RSA key generation" (CRYPTO 1999, section 4.1). Bit i chooses a pad, or the pad plus a word; of the sum Σ 2^i·… only the low ℓ − i
/// bits matter, so that no more are sent. A is a signed number of so many bits.
/// </summary>
/// <param name="choiceBits">Bits of A.</param>
/// <param name="words">How many B.</param>
/// <param name="ringBits">ℓ.</param>
internal readonly struct GilboaProducts(int choiceBits, int words, int ringBits)
{
    /// <summary>Transfers of an element.</summary>
    public int Transfers => choiceBits;

    private int Stride => PowerPads<ulong>.Stride(words);

    /// <summary>Bytes of the corrections that the offering party sends.</summary>
    public int CorrectionBytes(int count)
        => PackedBits.ByteCount((long)count * words * (((long)choiceBits * ringBits) - ((long)choiceBits * (choiceBits - 1) / 2)));

    /// <summary>Tweaks of the hash.</summary>
    public ulong Tweaks(int count) => (ulong)count * (ulong)PowerPads<ulong>.Rounds(choiceBits, words);

    /// <summary>The choosing party: its shares of the products.</summary>
    /// <param name="hash">The session's, at fresh tweaks.</param>
    /// <param name="keys">Transfers in which A's bits have chosen, element by element.</param>
    /// <param name="chosen">A of each element.</param>
    /// <param name="corrections">From the other party.</param>
    /// <param name="products">Receive the shares, one list a word.</param>
    public void Choose(TweakableHash hash, ReadOnlySpan<Block> keys, ReadOnlySpan<ulong> chosen, ReadOnlySpan<byte> corrections, IReadOnlyList<Memory<ulong>> products)
    {
        Span<ulong> pads = stackalloc ulong[Stride * choiceBits];
        BitReader reader = new(corrections);
        ulong mask = new Ring(ringBits).Mask;
        for (int element = 0; element < chosen.Length; element++)
        {
            PowerPads<ulong>.Fill(hash, keys.Slice(element * choiceBits, choiceBits), words, pads);
            for (int word = 0; word < words; word++)
            {
                ulong sum = 0, term = 0;
                for (int i = 0; i < choiceBits; i++)
                {
                    term = (pads[(Stride * i) + word] + ((0 - ((chosen[element] >> i) & 1)) & reader.Read(ringBits - i))) << i;
                    sum += term;
                }

                products[word].Span[element] = (sum - (2 * term)) & mask;
            }
        }

        pads.Clear();
    }

    /// <summary>The offering party: its shares of the products, and the corrections.</summary>
    /// <param name="hash">The session's, at fresh tweaks.</param>
    /// <param name="keys">The transfers.</param>
    /// <param name="delta">Their Δ.</param>
    /// <param name="offered">B_1, B_2, … of each element.</param>
    /// <param name="corrections">Receives <see cref="CorrectionBytes"/>.</param>
    /// <param name="products">Receive the shares.</param>
    public void Offer(
        TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, IReadOnlyList<Memory<ulong>> offered, Span<byte> corrections, IReadOnlyList<Memory<ulong>> products)
    {
        Span<ulong> pads = stackalloc ulong[Stride * choiceBits], offsetPads = stackalloc ulong[Stride * choiceBits];
        BitWriter writer = new(corrections);
        ulong mask = new Ring(ringBits).Mask;
        for (int element = 0; element < keys.Length / choiceBits; element++)
        {
            PowerPads<ulong>.FillBoth(hash, keys.Slice(element * choiceBits, choiceBits), delta, words, pads, offsetPads);
            for (int word = 0; word < words; word++)
            {
                ulong sum = 0, term = 0, factor = offered[word].Span[element];
                for (int i = 0; i < choiceBits; i++)
                {
                    int pad = (Stride * i) + word;
                    term = pads[pad] << i;
                    sum += term;
                    writer.Write((pads[pad] - offsetPads[pad] + factor) & new Ring(ringBits - i).Mask, ringBits - i);
                }

                products[word].Span[element] = ((2 * term) - sum) & mask;
            }
        }

        writer.Flush();
        pads.Clear();
        offsetPads.Clear();
    }
}
