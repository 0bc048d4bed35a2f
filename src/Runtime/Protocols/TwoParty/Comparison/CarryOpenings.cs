using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// One party's openings of an evaluation, in order: a level's masked operands, the carry into bit f under its mask once it
/// is known, and last of all the sign or the upper carry under its mask.
/// </summary>
internal sealed class CarryOpenings(CarryCircuit circuit, CarryEvaluation carries, int words)
{
    private readonly BitPlanes?[] _own = new BitPlanes?[circuit.LastOpening + 1];

    /// <summary>This party's share of the mask of the carry into bit f.</summary>
    public ReadOnlyMemory<ulong> MiddleMask { get; init; }

    /// <summary>This party's share of what is added to the upper carry before it is opened: the mask, of a ReLU the sign bit, too.</summary>
    public ReadOnlyMemory<ulong> TopMask { get; init; }

    /// <summary>The opened carry into bit f, masked, a plane.</summary>
    public ulong[] Middle { get; } = new ulong[words];

    /// <summary>The opened sign or upper carry, masked, a plane.</summary>
    public ulong[] Top { get; } = new ulong[words];

    /// <summary>Sends this party's shares.</summary>
    public void Send(IChannel channel, Range openings)
    {
        foreach (int opening in Indices(openings))
            Own(opening).Send(channel);
    }

    /// <summary>Receives the other party's shares and goes on with what they open.</summary>
    public void Receive(IChannel channel, Range openings)
    {
        foreach (int opening in Indices(openings))
        {
            BitPlanes opened = new(circuit.OpenedBits(opening), words);
            opened.Receive(channel);
            opened.Add(Own(opening));
            if (opening < circuit.Tree.Levels.Count)
                carries.Merge(opening, opened);
            if (circuit.OpensMiddle(opening))
                opened[MiddlePlane(opening)].CopyTo(Middle);
            if (circuit.OpensTop(opening))
                opened[circuit.OpenedBits(opening) - 1].CopyTo(Top);
        }
    }

    private BitPlanes Own(int opening)
    {
        if (_own[opening] is { } known)
            return known;
        BitPlanes masked = new(circuit.OpenedBits(opening), words);
        if (opening < circuit.Tree.Levels.Count)
            carries.Mask(opening, masked);
        if (circuit.OpensMiddle(opening))
            Add(circuit.Tree.MiddleNode, MiddleMask.Span, masked[MiddlePlane(opening)]);
        if (circuit.OpensTop(opening))
            Add(circuit.Tree.TopNode, TopMask.Span, masked[circuit.OpenedBits(opening) - 1]);
        return _own[opening] = masked;
    }

    // Behind the level's operands; a last opening has the sign or the upper carry behind that.
    private int MiddlePlane(int opening) => circuit.OpenedBits(opening) - (circuit.OpensTop(opening) ? 2 : 1);

    private void Add(int? node, ReadOnlySpan<ulong> mask, Span<ulong> result)
    {
        mask.CopyTo(result);
        if (node is not { } carry)
            return;
        ReadOnlySpan<ulong> share = carries.Generate(carry);
        for (int i = 0; i < result.Length; i++)
            result[i] ^= share[i];
    }

    private static IEnumerable<int> Indices(Range openings)
        => Enumerable.Range(openings.Start.Value, openings.End.Value - openings.Start.Value);
}
