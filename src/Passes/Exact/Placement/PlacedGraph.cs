using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>Writes a graph anew with a clamp at chosen places. Values keep their names where what they stand for stays.</summary>
internal sealed class PlacedGraph
{
    private readonly ClampRegion _region;
    private readonly Clamp _clamp;
    private readonly IReadOnlySet<int> _cut;
    private readonly ClampDemand _demand;
    private readonly HashSet<string> _names;
    private readonly ImmutableArray<Node>.Builder _nodes = ImmutableArray.CreateBuilder<Node>();
    private readonly Dictionary<Value, Value> _values = [];
    private readonly Dictionary<Position, Value> _plain = [];
    private readonly Dictionary<Position, Value> _clamped = [];

    private PlacedGraph(ClampRegion region, Clamp clamp, IReadOnlySet<int> cut, ClampDemand demand)
    {
        _region = region;
        _clamp = clamp;
        _cut = cut;
        _demand = demand;
        _names = [.. region.Graph.Inputs.Select(v => v.Name), .. region.Graph.Nodes.Select(n => n.Output.Name)];
    }

    public static Graph Write(ClampRegion region, Clamp clamp, IReadOnlySet<int> cut, ClampDemand demand)
    {
        PlacedGraph placed = new(region, clamp, cut, demand);
        foreach (Value input in region.Graph.Inputs)
            placed.WriteInput(input);
        foreach (Node node in region.Graph.Nodes)
            placed.WriteNode(node);
        return region.Graph.With(placed._nodes.ToImmutable());
    }

    private void WriteInput(Value input)
    {
        _values[input] = input;
        _plain[_region[input]] = input;
        WriteClamped(_region[input]);
    }

    private void WriteNode(Node node)
    {
        Position position = _region[node.Output];
        if (position.First == node.Output)
        {
            WritePlain(position, node);
            WriteClamped(position);
        }

        if (!_demand.Needs(node.Output))
            return;
        if (_region.IsClamped(node.Output))
            Alias(node, _clamped[position]);
        else if (position.Plain == node.Output)
            _values[node.Output] = node.Output;
        else
            _values[node.Output] = Append(node with { Inputs = [.. node.Inputs.Select(v => _values[v])] });
    }

    private void WritePlain(Position position, Node node)
    {
        if (!_demand.Plain.Contains(position))
            return;
        _plain[position] = position.IsLeaf
            ? Append(node with { Inputs = [.. node.Inputs.Select(v => _values[v])] })
            : Combine(position, _plain, position.Plain ?? NewValue(position, ".plain"));
    }

    private void WriteClamped(Position position)
    {
        if (!_demand.Clamped.Contains(position))
            return;
        _clamped[position] = (position.IsFree, _cut.Contains(position.Index)) switch
        {
            (true, _) => Free(position),
            (_, true) => Append(new Node(_clamp.Operation, [_plain[position]], ClampedValue(position)) { Name = ClampName(position) }),
            _ => Combine(position, _clamped, ClampedValue(position)),
        };
    }

    /// <summary>A constant is clamped here and now; another value is inside the bounds.</summary>
    private Value Free(Position position)
    {
        if (_region.Graph.ConstantOf(position.First) is not { } constant || !position.IsLeaf)
            return _plain[position];
        Tensor clamped = _clamp.Apply(constant);
        return clamped.ContentEquals(constant) ? _plain[position] : Append(new Node(new Constant(clamped), [], NewValue(position, ".clamped")));
    }

    private Value Combine(Position position, Dictionary<Position, Value> operands, Value output)
    {
        Node node = position.Node!;
        ImmutableArray<Value> inputs = [.. node.Inputs.Select((v, i) => position.Operands[i] is { } operand ? operands[operand] : _values[v])];
        string name = output == node.Output ? node.Name : output.Name;
        return Append(new Node(node.Operation, inputs, output) { Name = name });
    }

    /// <summary>Only a graph output needs a name of its own.</summary>
    private void Alias(Node node, Value clamped)
    {
        bool isNamed = clamped != node.Output && _region.Graph.Outputs.Contains(node.Output);
        _values[node.Output] = isNamed ? Append(new Node(new Identity(), [clamped], node.Output) { Name = node.Name }) : clamped;
    }

    private Value ClampedValue(Position position) => position.Clamped ?? NewValue(position, $".{_clamp.Operation.Name}");

    /// <summary>The name that the user knows the activation by.</summary>
    private string ClampName(Position position)
        => position.Clamped is { } value && _region.Graph.Producer(value) is { } node && Clamp.Of(node.Operation) == _clamp
            ? node.Name
            : $"{(position.Plain ?? position.First).Name}.{_clamp.Operation.Name}";

    private Value NewValue(Position position, string suffix)
    {
        string wanted = (position.Plain ?? position.First).Name + suffix, name = wanted;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{wanted}_{i}";
        return new Value(name, position.First.Type);
    }

    private Value Append(Node node)
    {
        _nodes.Add(node);
        return node.Output;
    }
}
