using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>Every value's <see cref="Position"/> for one clamp.</summary>
internal sealed class ClampRegion
{
    private readonly Clamp _clamp;
    private readonly Commutation _commutation;
    private readonly StaticRanges _ranges;
    private readonly HashSet<Value> _outputs;
    private readonly HashSet<Value> _onlyClamped;
    private readonly List<Position> _positions = [];
    private readonly Dictionary<Value, Position> _ofValue = [];
    private readonly Dictionary<(Operation Operation, IntVector Inputs), Position> _byContent = [];
    private readonly Dictionary<Value, int> _fixedInputs = [];

    public ClampRegion(Graph graph, Clamp clamp, StaticRanges ranges)
    {
        Graph = graph;
        _clamp = clamp;
        _ranges = ranges;
        _commutation = new Commutation(graph, clamp);
        _outputs = [.. graph.Outputs];
        _onlyClamped = OnlyClamped();
        foreach (Value input in graph.Inputs)
            _ofValue[input] = Leaf(input, isConstant: false);
        foreach (Node node in graph.Nodes)
            _ofValue[node.Output] = PositionOf(node);
    }

    public Graph Graph { get; }

    public IReadOnlyList<Position> Positions => _positions;

    public Position this[Value value] => _ofValue[value];

    /// <summary>Whether a value is its position, clamped. Values inside the bounds are: f(T(f(x))) = T(f(x)).</summary>
    public bool IsClamped(Value value) => !(this[value].IsLeaf && this[value].First == value) && IsWithin(value);

    private bool IsWithin(Value value) => _clamp.Keeps(_ranges[value]);

    private Position PositionOf(Node node)
    {
        if (!node.Output.Type.IsFloat)
            return Leaf(node.Output, isConstant: false);
        if (Clamp.Of(node.Operation) == _clamp)
        {
            Position clamped = this[node.Inputs[0]];
            clamped.HasClamp = true;
            return Named(clamped, node.Output);
        }

        if (_commutation.Operands(node) is not { } operands || (node.Operation is MaxPool && !IsWithin(node.Output) && !_onlyClamped.Contains(node.Output)))
            return Leaf(node.Output, node.Operation is Constant);
        Position position = Combined(node, [.. node.Inputs.Select((v, i) => operands[i] ? this[v] : null)]);
        if (position.Plain is null && node.Inputs.Zip(position.Operands).All(p => p.Second is null || p.Second.Plain == p.First))
        {
            position.Plain = node.Output;
            position.IsFree = IsWithin(node.Output);
        }

        return IsWithin(node.Output) ? Named(position, node.Output) : position;
    }

    private Position Leaf(Value value, bool isConstant)
    {
        Position leaf = new(_positions.Count, value, Node: null, []) { Plain = value, IsFree = isConstant || IsWithin(value) };
        _positions.Add(leaf);
        return leaf;
    }

    private Position Combined(Node node, ImmutableArray<Position?> operands)
    {
        IntVector inputs = new([.. operands.Select((p, i) => p?.Index ?? FixedInput(node.Inputs[i]))]);
        if (_byContent.TryGetValue((node.Operation, inputs), out Position? known))
            return known;
        Position position = new(_positions.Count, node.Output, node, operands);
        _positions.Add(position);
        _byContent.Add((node.Operation, inputs), position);
        return position;
    }

    /// <summary>A negative number for an input that is no operand.</summary>
    private int FixedInput(Value value)
    {
        if (!_fixedInputs.TryGetValue(value, out int number))
            _fixedInputs.Add(value, number = -1 - _fixedInputs.Count);
        return number;
    }

    /// <summary>A graph output keeps its name before others do.</summary>
    private Position Named(Position position, Value clamped)
    {
        if (position.Clamped is null || (_outputs.Contains(clamped) && !_outputs.Contains(position.Clamped)))
            position.Clamped = clamped;
        return position;
    }

    /// <summary>
    /// The values that every reader clamps sooner or later. A max pool is worth moving a clamp through only then: if its
    /// result were needed without the clamp too, there would be two pools.
    /// </summary>
    private HashSet<Value> OnlyClamped()
    {
        HashSet<Value> values = [];
        foreach (Node node in Graph.Nodes.Reverse())
        {
            if (!_outputs.Contains(node.Output) && Graph.Users(node.Output).All(user => IsClampedBy(user, node.Output, values)))
                values.Add(node.Output);
        }

        return values;
    }

    private bool IsClampedBy(Node user, Value value, HashSet<Value> onlyClamped)
        => Clamp.Of(user.Operation) == _clamp
        || (onlyClamped.Contains(user.Output) && _commutation.Operands(user) is { } operands && user.Inputs.Zip(operands).All(p => p.First != value || p.Second));
}
