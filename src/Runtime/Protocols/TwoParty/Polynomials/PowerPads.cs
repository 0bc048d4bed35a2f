using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// Hashes of transfers as pads of whole words: of key i the words [i · <see cref="Stride"/> …]. A hash gives two words of 64 bits or one
/// of 128; eight transfers share a tweak, and no tweak is used for anything else.
/// </summary>
internal static class PowerPads<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private static int WordsPerHash => Block.Size / Unsafe.SizeOf<TWord>();

    /// <summary>Words between two keys' pads of so many words.</summary>
    public static int Stride(int words) => (words + WordsPerHash - 1) / WordsPerHash * WordsPerHash;

    /// <summary>Hashes of eight keys, hence tweaks, for so many keys with pads of so many words.</summary>
    public static int Rounds(int keys, int words) => (keys + Lanes.Count - 1) / Lanes.Count * (Stride(words) / WordsPerHash);

    /// <summary>The pads of the keys, for the party that has one a transfer.</summary>
    public static void Fill(TweakableHash hash, ReadOnlySpan<Block> keys, int words, Span<TWord> pads) => Fill(hash, keys, default, words, pads, []);

    /// <summary>The pads of the keys q and of q ⊕ Δ, for the party that has both.</summary>
    public static void FillBoth(TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, int words, Span<TWord> pads, Span<TWord> offsetPads)
        => Fill(hash, keys, delta, words, pads, offsetPads);

    private static void Fill(TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, int words, Span<TWord> pads, Span<TWord> offsetPads)
    {
        Span<Block> lanes = stackalloc Block[Lanes.Count], hashes = stackalloc Block[Lanes.Count];
        int stride = Stride(words);
        for (int first = 0; first < keys.Length; first += Lanes.Count)
        {
            int count = Math.Min(Lanes.Count, keys.Length - first);
            keys.Slice(first, count).CopyTo(lanes);
            for (int word = 0; word < stride; word += WordsPerHash)
            {
                ref readonly AesKey key = ref hash.NextKey();
                TweakableHash.Hash(in key, lanes, default, hashes);
                Store(hashes[..count], pads[((first * stride) + word)..], stride);
                if (offsetPads.IsEmpty)
                    continue;
                TweakableHash.Hash(in key, lanes, delta, hashes);
                Store(hashes[..count], offsetPads[((first * stride) + word)..], stride);
            }
        }

        lanes.Clear();
        hashes.Clear();
    }

    private static void Store(ReadOnlySpan<Block> hashes, Span<TWord> pads, int stride)
    {
        ReadOnlySpan<TWord> words = MemoryMarshal.Cast<Block, TWord>(hashes);
        for (int lane = 0; lane < hashes.Length; lane++)
            words.Slice(lane * WordsPerHash, WordsPerHash).CopyTo(pads[(lane * stride)..]);
    }
}
