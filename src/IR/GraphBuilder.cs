using System.Collections.Immutable;
using PrivateInference.IR.Operations;

namespace PrivateInference.IR;

/// <summary>
/// Builds a graph node by node. Types are inferred, names are made unique. The importer, the passes and the tests all
/// build through it.
/// </summary>
public sealed class GraphBuilder(string name)
{
    private readonly List<Value> _inputs = [];
    private readonly List<Node> _nodes = [];
    private readonly List<Value> _outputs = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Declares a graph input.</summary>
    public Value Input(string inputName, TensorType type)
    {
        Value value = new(Unique(inputName), type);
        _inputs.Add(value);
        return value;
    }

    /// <summary>Keeps a value of another graph as an input of this one.</summary>
    public Value Input(Value value)
    {
        _names.Add(value.Name);
        _inputs.Add(value);
        return value;
    }

    /// <summary>Appends a node and returns its value.</summary>
    /// <param name="operation">What the node computes.</param>
    /// <param name="inputs">Values already in the graph.</param>
    /// <param name="valueName">Name of the result; made unique. Defaults to the operation's name.</param>
    /// <param name="nodeName">The name a user knows the node by; defaults to the value's.</param>
    /// <exception cref="GraphException">The inputs do not fit the operation.</exception>
    public Value Add(Operation operation, ImmutableArray<Value> inputs, string? valueName = null, string? nodeName = null)
    {
        TensorType type = operation.InferType([.. inputs.Select(v => v.Type)]);
        Value output = new(Unique(valueName ?? operation.Name), type);
        _nodes.Add(new Node(operation, inputs, output) { Name = nodeName ?? output.Name });
        return output;
    }

    public Value Constant(Tensor tensor, string? valueName = null) => Add(new Constant(tensor), [], valueName ?? "const");

    public void Output(Value value) => _outputs.Add(value);

    public Graph Build() => new(name, [.. _inputs], [.. _nodes], [.. _outputs]);

    private string Unique(string wanted)
    {
        string stem = wanted.Length == 0 ? "v" : wanted, candidate = stem;
        for (int i = 1; !_names.Add(candidate); i++)
            candidate = $"{stem}_{i}";
        return candidate;
    }
}
