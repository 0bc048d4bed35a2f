namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// One party's evaluation of a <see cref="CarryTree"/> on shared bits. Level by level, both parties open the operands of the
/// level's products under the masks of their triples; e = P_high ⊕ X and f = G_low ⊕ Y give P_high·G_low = e·f ⊕ e·Y ⊕ f·X ⊕ X·Y.
/// </summary>
internal sealed class CarryEvaluation
{
    private readonly CarryTree _tree;
    private readonly MergeTriples _triples;
    private readonly ulong _publicMask;
    private readonly BitPlanes _generates;
    private readonly BitPlanes _propagates;

    /// <param name="tree">The carries.</param>
    /// <param name="triples">A triple for each merge.</param>
    /// <param name="words">Words a plane.</param>
    /// <param name="addsPublic">Whether this is the party that adds products of opened bits; the other is not.</param>
    public CarryEvaluation(CarryTree tree, MergeTriples triples, int words, bool addsPublic)
    {
        _tree = tree;
        _triples = triples;
        _publicMask = addsPublic ? ulong.MaxValue : 0;
        _generates = new BitPlanes(tree.Nodes, words);
        _propagates = new BitPlanes(tree.Nodes, words);
    }

    /// <summary>This party's share of a node's G.</summary>
    public Span<ulong> Generate(int node) => _generates[node];

    /// <summary>This party's share of a node's P.</summary>
    public Span<ulong> Propagate(int node) => _propagates[node];

    /// <summary>This party's shares of the masked operands of a level's merges, from plane 0 on.</summary>
    public void Mask(int level, BitPlanes masked)
    {
        int plane = 0;
        foreach (CarryMerge merge in _tree.Levels[level])
        {
            int triple = merge.Output - _tree.Digits.Length;
            Xor(Propagate(merge.High), _triples.Factor(triple), masked[plane++]);
            Xor(Generate(merge.Low), _triples.Other(triple, 0), masked[plane++]);
            if (merge.Propagates)
                Xor(Propagate(merge.Low), _triples.Other(triple, 1), masked[plane++]);
        }
    }

    /// <summary>The level's nodes, from the opened operands.</summary>
    public void Merge(int level, BitPlanes opened)
    {
        int plane = 0;
        foreach (CarryMerge merge in _tree.Levels[level])
        {
            int triple = merge.Output - _tree.Digits.Length;
            ReadOnlySpan<ulong> factor = opened[plane++];
            Multiply(triple, 0, factor, opened[plane++], Generate(merge.Output));
            Xor(Generate(merge.High), Generate(merge.Output), Generate(merge.Output));
            if (merge.Propagates)
                Multiply(triple, 1, factor, opened[plane++], Propagate(merge.Output));
        }
    }

    public void Clear()
    {
        _generates.Clear();
        _propagates.Clear();
    }

    private void Multiply(int triple, int product, ReadOnlySpan<ulong> factor, ReadOnlySpan<ulong> other, Span<ulong> result)
    {
        ReadOnlySpan<ulong> x = _triples.Factor(triple), y = _triples.Other(triple, product), xy = _triples.Product(triple, product);
        for (int i = 0; i < result.Length; i++)
            result[i] = (factor[i] & other[i] & _publicMask) ^ (factor[i] & y[i]) ^ (other[i] & x[i]) ^ xy[i];
    }

    private static void Xor(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        for (int i = 0; i < result.Length; i++)
            result[i] = left[i] ^ right[i];
    }
}
