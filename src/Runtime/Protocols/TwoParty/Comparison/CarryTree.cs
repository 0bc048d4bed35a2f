using System.Collections.Immutable;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The carries of an addition by parallel prefix (Kogge and Stone 1973; Ladner and Fischer 1980), as far as two are
/// needed: the one into bit f, and the one into a higher bit. Leaves are digits of two bits, which no party has to be asked
/// about more often than about one (<see cref="ServerDigits"/>). A node is a range of bits, with G, whether it generates a
/// carry, and P, whether it passes one on; both at once do not occur. Nodes are numbered digits first, then merges.
/// </summary>
internal sealed class CarryTree
{
    private readonly ImmutableArray<CarryDigit>.Builder _digits = ImmutableArray.CreateBuilder<CarryDigit>();
    private readonly List<ImmutableArray<CarryMerge>> _levels = [];
    private int _nodes;

    /// <param name="middle">f; 0 where that carry is not wanted.</param>
    /// <param name="top">The higher bit, at least f.</param>
    public CarryTree(int middle, int top)
    {
        List<int> low = AddDigits(0, middle), high = AddDigits(middle, top);
        Digits = _digits.ToImmutable();
        _nodes = Digits.Length;
        while (low.Count > 1)
        {
            ImmutableArray<CarryMerge>.Builder merges = ImmutableArray.CreateBuilder<CarryMerge>();
            low = Pair(low, merges);
            high = Pair(high, merges);
            _levels.Add(merges.ToImmutable());
        }

        MiddleDepth = Levels.Count;
        MiddleNode = low.Count == 0 ? null : low[0];
        List<int> all = [.. low, .. high];
        while (all.Count > 1)
        {
            ImmutableArray<CarryMerge>.Builder merges = ImmutableArray.CreateBuilder<CarryMerge>();
            all = Pair(all, merges);
            _levels.Add(merges.ToImmutable());
        }

        TopNode = all.Count == 0 ? null : all[0];
        Merges = [.. _levels.SelectMany(l => l)];
    }

    public ImmutableArray<CarryDigit> Digits { get; }

    /// <summary>All merges, level by level.</summary>
    public ImmutableArray<CarryMerge> Merges { get; }

    /// <summary>The merges of each level; those of one need nothing of each other.</summary>
    public IReadOnlyList<ImmutableArray<CarryMerge>> Levels => _levels;

    /// <summary>Digits and merges.</summary>
    public int Nodes => _nodes;

    /// <summary>Whose G is the carry into bit f; null where f = 0.</summary>
    public int? MiddleNode { get; }

    /// <summary>Levels after which <see cref="MiddleNode"/> is known.</summary>
    public int MiddleDepth { get; }

    /// <summary>Whose G is the carry into the higher bit; null where that is bit 0.</summary>
    public int? TopNode { get; }

    private List<int> AddDigits(int from, int to)
    {
        List<int> nodes = [];
        for (int offset = from; offset < to; offset += 2)
        {
            nodes.Add(_digits.Count);
            _digits.Add(new CarryDigit(offset, Math.Min(2, to - offset)));
        }

        return nodes;
    }

    // From the top, so that an odd one out is the lowest: it waits for the carry into it.
    private List<int> Pair(List<int> nodes, ImmutableArray<CarryMerge>.Builder merges)
    {
        List<int> merged = [];
        for (int high = nodes.Count - 1; high > 0; high -= 2)
        {
            merges.Add(new CarryMerge(nodes[high], nodes[high - 1], _nodes, Propagates: !BeginsAtZero(nodes[high - 1], merges)));
            merged.Add(_nodes++);
        }

        if (nodes.Count % 2 != 0)
            merged.Add(nodes[0]);
        merged.Reverse();
        return merged;
    }

    private bool BeginsAtZero(int node, IEnumerable<CarryMerge> current) => node < Digits.Length
        ? Digits[node].Offset == 0
        : !_levels.SelectMany(l => l).Concat(current).First(m => m.Output == node).Propagates;
}
