using System.Collections.Immutable;

namespace PrivateInference.IR;

/// <summary>
/// An immutable SSA graph. Nodes are in topological order: a node's inputs are graph inputs or outputs of earlier nodes.
/// A rewrite makes a new graph; see <see cref="GraphBuilder"/>.
/// </summary>
public sealed class Graph
{
    public Graph(string name, ImmutableArray<Value> inputs, ImmutableArray<Node> nodes, ImmutableArray<Value> outputs)
    {
        Name = name;
        Inputs = inputs;
        Nodes = nodes;
        Outputs = outputs;
        _producers = new Lazy<Dictionary<Value, Node>>(() => Nodes.ToDictionary(n => n.Output));
        _users = new Lazy<ILookup<Value, Node>>(() => Nodes
            .SelectMany(n => n.Inputs.Distinct().Select(v => (Value: v, Node: n)))
            .ToLookup(p => p.Value, p => p.Node));
    }

    private readonly Lazy<Dictionary<Value, Node>> _producers;
    private readonly Lazy<ILookup<Value, Node>> _users;

    public string Name { get; }

    public ImmutableArray<Value> Inputs { get; }

    public ImmutableArray<Node> Nodes { get; }

    public ImmutableArray<Value> Outputs { get; }

    /// <summary>The node that defines <paramref name="value"/>, or null for a graph input.</summary>
    public Node? Producer(Value value) => _producers.Value.GetValueOrDefault(value);

    /// <summary>The nodes that read <paramref name="value"/>, each once, in graph order.</summary>
    public IEnumerable<Node> Users(Value value) => _users.Value[value];

    /// <summary>The constant tensor behind <paramref name="value"/>, or null.</summary>
    public Tensor? ConstantOf(Value value) => Producer(value)?.Operation is Operations.Constant constant ? constant.Tensor : null;

    public Graph With(ImmutableArray<Node>? nodes = null, ImmutableArray<Value>? outputs = null)
        => new(Name, Inputs, nodes ?? Nodes, outputs ?? Outputs);
}
