namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The public shape of one element's carries on shared bits: the tree, when which bits are opened, and how many transfers it
/// takes each way.
/// </summary>
internal class CarryCircuit
{
    private readonly bool _opensTop;

    /// <param name="middle">f, into which a carry is opened under a mask; 0 for none.</param>
    /// <param name="top">The higher bit into which a carry is wanted.</param>
    /// <param name="opensTop">Whether that is opened under a mask; otherwise it stays shared, and <paramref name="middle"/> is 0.</param>
    public CarryCircuit(int middle, int top, bool opensTop)
    {
        _opensTop = opensTop;
        Tree = new CarryTree(middle, top);
        MiddleOpening = Tree.MiddleDepth;
        LastOpening = opensTop ? Math.Max(Tree.Levels.Count, Tree.MiddleNode is null ? 0 : MiddleOpening + 1) : Tree.Levels.Count - 1;
    }

    public CarryTree Tree { get; }

    /// <summary>The opening in which the carry into bit f is opened, masked; meaningless where f = 0.</summary>
    public int MiddleOpening { get; }

    /// <summary>The last opening. They count from 0.</summary>
    public int LastOpening { get; }

    /// <summary>Transfers in which the server chooses, by element: digits, then merges.</summary>
    public virtual int ServerChoices => DigitTransfers + Tree.Merges.Length;

    /// <summary>Transfers in which the client chooses, by element: merges.</summary>
    public virtual int ClientChoices => Tree.Merges.Length;

    /// <summary>How many of <see cref="ServerChoices"/> belong to digits.</summary>
    public int DigitTransfers => Tree.Digits.Sum(d => d.Transfers);

    /// <summary>Products of digits.</summary>
    public int DigitProducts => Tree.Digits.Sum(d => d.Products);

    /// <summary>Digits of two bits.</summary>
    public int Pairs => Tree.Digits.Count(d => d.Bits == 2);

    /// <summary>Bits of an element that a merge's triple has: X, Y, Z and two products.</summary>
    public int TripleBits => Tree.Merges.Length * 5;

    /// <summary>Flights of each party online.</summary>
    public int Flights => ((LastOpening + 1) / 2) + 1;

    public bool IsLast(int flight) => flight == Flights - 1;

    /// <summary>The openings that the server sends in a flight: the first alone, then two at a time.</summary>
    public Range ServerOpenings(int flight) => Math.Max(0, (2 * flight) - 1)..Math.Min(LastOpening + 1, (2 * flight) + 1);

    /// <summary>The openings that the client sends in a flight: two at a time, of which it knows the first one's result.</summary>
    public Range ClientOpenings(int flight) => Math.Min(LastOpening + 1, 2 * flight)..Math.Min(LastOpening + 1, (2 * flight) + 2);

    /// <summary>Bits of an element that each party sends in an opening.</summary>
    public int OpenedBits(int opening)
        => (opening < Tree.Levels.Count ? Tree.Levels[opening].Sum(m => m.Openings) : 0) + (OpensMiddle(opening) ? 1 : 0) + (OpensTop(opening) ? 1 : 0);

    /// <summary>Bits of an element that each party sends in these openings.</summary>
    public int OpenedBits(Range openings)
    {
        int bits = 0;
        for (int opening = openings.Start.Value; opening < openings.End.Value; opening++)
            bits += OpenedBits(opening);
        return bits;
    }

    /// <summary>Whether the carry into bit f is opened then, behind the operands.</summary>
    public bool OpensMiddle(int opening) => Tree.MiddleNode is not null && opening == MiddleOpening;

    /// <summary>Whether the upper carry is opened then, behind everything else.</summary>
    public bool OpensTop(int opening) => _opensTop && opening == LastOpening;
}
