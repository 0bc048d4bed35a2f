using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Pads of ℓ bits, one an element, that are hashes of the element's decision label. Labels come in pairs L, L ⊕ Δ of which
/// one party holds one and the other party both, as wire labels or as correlated oblivious transfers; the hash is circular
/// correlation robust, so the pads of the other label are pseudorandom to whoever holds one. A hash gives two elements their
/// pads; eight decisions side by side share its tweak, and no tweak is used for anything else.
/// </summary>
internal sealed class LabelPads
{
    private const int PadsPerHash = 2;

    private readonly DecisionGroups _groups;
    private readonly Ring _ring;
    private readonly int[] _rounds;

    public LabelPads(DecisionGroups groups, Ring ring)
    {
        _groups = groups;
        _ring = ring;
        _rounds = new int[HalfGates.Blocks(groups.Decisions)];
        for (int decision = 0; decision < groups.Decisions; decision++)
        {
            ref int rounds = ref _rounds[decision / Lanes.Count];
            rounds = Math.Max(rounds, (groups.ElementsOf(decision).Length + PadsPerHash - 1) / PadsPerHash);
        }

        Tweaks = (ulong)_rounds.Sum(r => (long)r);
    }

    /// <summary>How many tweaks a filling uses.</summary>
    public ulong Tweaks { get; }

    /// <summary>The pads of the labels, for the party that has one a decision.</summary>
    public void Fill(TweakableHash hash, ReadOnlySpan<Block> labels, Span<ulong> pads) => Fill(hash, labels, default, pads, []);

    /// <summary>The pads of the labels L and of L ⊕ Δ, for the party that has both.</summary>
    public void FillBoth(TweakableHash hash, ReadOnlySpan<Block> labels, Block delta, Span<ulong> pads, Span<ulong> offsetPads)
        => Fill(hash, labels, delta, pads, offsetPads);

    private void Fill(TweakableHash hash, ReadOnlySpan<Block> labels, Block delta, Span<ulong> pads, Span<ulong> offsetPads)
    {
        Span<Block> lanes = stackalloc Block[Lanes.Count], hashes = stackalloc Block[Lanes.Count];
        for (int block = 0; block < _rounds.Length; block++)
        {
            int first = block * Lanes.Count;
            int count = HalfGates.InstancesOf(block, _groups.Decisions);
            labels.Slice(first, count).CopyTo(lanes);
            for (int round = 0; round < _rounds[block]; round++)
            {
                ref readonly AesKey key = ref hash.NextKey();
                TweakableHash.Hash(in key, lanes, default, hashes);
                Store(hashes[..count], first, round, pads);
                if (offsetPads.IsEmpty)
                    continue;
                TweakableHash.Hash(in key, lanes, delta, hashes);
                Store(hashes[..count], first, round, offsetPads);
            }
        }

        lanes.Clear();
        hashes.Clear();
    }

    private void Store(ReadOnlySpan<Block> hashes, int firstDecision, int round, Span<ulong> pads)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<Block, ulong>(hashes);
        for (int lane = 0; lane < hashes.Length; lane++)
        {
            ReadOnlySpan<int> elements = _groups.ElementsOf(firstDecision + lane);
            int start = Math.Min(round * PadsPerHash, elements.Length);
            elements = elements[start..Math.Min(start + PadsPerHash, elements.Length)];
            for (int i = 0; i < elements.Length; i++)
                pads[elements[i]] = words[(lane * PadsPerHash) + i] & _ring.Mask;
        }
    }
}
