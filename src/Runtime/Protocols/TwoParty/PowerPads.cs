using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Hashes of an element's transfers: of each a block, whose two words pad two products. Eight transfers share a tweak, and no
/// tweak is used for anything else.
/// </summary>
internal static class PowerPads
{
    /// <summary>Words that a hash gives.</summary>
    public const int Words = 2;

    /// <summary>Hashes of eight transfers, hence tweaks, for an element of so many bits.</summary>
    public static int Rounds(int ringBits) => (ringBits + Lanes.Count - 1) / Lanes.Count;

    /// <summary>The pads of an element's keys, for the party that has one a transfer: pads[2i] and pads[2i + 1] for bit i.</summary>
    public static void Fill(TweakableHash hash, ReadOnlySpan<Block> keys, Span<ulong> pads) => Fill(hash, keys, default, pads, []);

    /// <summary>The pads of the keys q and of q ⊕ Δ, for the party that has both.</summary>
    public static void FillBoth(TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, Span<ulong> pads, Span<ulong> offsetPads)
        => Fill(hash, keys, delta, pads, offsetPads);

    private static void Fill(TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, Span<ulong> pads, Span<ulong> offsetPads)
    {
        Span<Block> lanes = stackalloc Block[Lanes.Count], hashes = stackalloc Block[Lanes.Count];
        for (int first = 0; first < keys.Length; first += Lanes.Count)
        {
            int count = Math.Min(Lanes.Count, keys.Length - first);
            keys.Slice(first, count).CopyTo(lanes);
            ref readonly AesKey key = ref hash.NextKey();
            TweakableHash.Hash(in key, lanes, default, hashes);
            MemoryMarshal.Cast<Block, ulong>(hashes[..count]).CopyTo(pads[(first * Words)..]);
            if (offsetPads.IsEmpty)
                continue;
            TweakableHash.Hash(in key, lanes, delta, hashes);
            MemoryMarshal.Cast<Block, ulong>(hashes[..count]).CopyTo(offsetPads[(first * Words)..]);
        }

        lanes.Clear();
        hashes.Clear();
    }
}
