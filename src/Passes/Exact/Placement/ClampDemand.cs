using PrivateInference.IR;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>
/// What the graph's outputs depend on, found backwards: values as they are, positions without the clamp (plain) and
/// positions with it (clamped).
/// </summary>
internal sealed class ClampDemand
{
    private readonly ClampRegion _region;
    private readonly HashSet<Value> _values = [];

    /// <param name="region">The positions.</param>
    /// <param name="cut">The positions at which the clamp is computed; null to find out where it is asked for.</param>
    public ClampDemand(ClampRegion region, IReadOnlySet<int>? cut)
    {
        _region = region;
        _values.UnionWith(region.Graph.Outputs);
        foreach (Node node in region.Graph.Nodes.Reverse())
        {
            if (_values.Contains(node.Output))
                Ask(node);
            if (region[node.Output] is { } position && position.First == node.Output)
                Follow(position, node, cut);
        }

        foreach (Value input in region.Graph.Inputs)
            Follow(region[input], node: null, cut);
    }

    /// <summary>The positions that are asked for with the clamp by what lies outside of the region.</summary>
    public HashSet<Position> Asked { get; } = [];

    public HashSet<Position> Clamped { get; } = [];

    public HashSet<Position> Plain { get; } = [];

    /// <summary>Whether something reads the value itself.</summary>
    public bool Needs(Value value) => _values.Contains(value);

    private void Ask(Node node)
    {
        Position position = _region[node.Output];
        if (_region.IsClamped(node.Output))
        {
            Asked.Add(position);
            Clamped.Add(position);
        }
        else if (position.Plain == node.Output)
        {
            Plain.Add(position);
        }
        else
        {
            _values.UnionWith(node.Inputs);
        }
    }

    /// <summary>Clamped, a position needs its operands clamped, or itself plain where the clamp is computed.</summary>
    private void Follow(Position position, Node? node, IReadOnlySet<int>? cut)
    {
        if (Clamped.Contains(position))
        {
            if (position.IsLeaf || position.IsFree || cut?.Contains(position.Index) == true)
                Plain.Add(position);
            else
                FollowOperands(position, Clamped);
        }

        if (!Plain.Contains(position))
            return;
        if (position.IsLeaf)
            _values.UnionWith(node?.Inputs ?? []);
        else
            FollowOperands(position, Plain);
    }

    private void FollowOperands(Position position, HashSet<Position> demanded)
    {
        for (int i = 0; i < position.Operands.Length; i++)
        {
            if (position.Operands[i] is { } operand)
                demanded.Add(operand);
            else
                _values.Add(position.Node!.Inputs[i]);
        }
    }
}
