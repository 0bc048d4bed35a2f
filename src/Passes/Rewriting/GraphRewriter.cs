using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Rewriting;

/// <summary>
/// One walk over a graph that copies it node by node, with a rule's replacement where one matches. Rules look at what
/// has been written so far, so a chain of rewrites happens in one walk. Nodes that end up unused are left out.
/// </summary>
public sealed class GraphRewriter
{
    private readonly Graph _source;
    private readonly HashSet<Value> _outputs;
    private readonly HashSet<string> _names;
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<Value, Node> _producers = [];
    private readonly Dictionary<Value, Value> _replacements = [];

    /// <summary>An upper bound of the reads of each value; too high a count only puts a rewrite off to the next walk.</summary>
    private readonly Dictionary<Value, int> _uses = [];

    private GraphRewriter(Graph source)
    {
        _source = source;
        _outputs = [.. source.Outputs];
        _names = [.. source.Inputs.Select(v => v.Name), .. source.Nodes.Select(n => n.Output.Name)];
        foreach (Value value in source.Nodes.SelectMany(n => n.Inputs).Concat(source.Outputs))
            AddUses(value, 1);
    }

    /// <summary>The rewritten graph, or <paramref name="graph"/> itself where no rule matches.</summary>
    public static Graph Apply(Graph graph, IReadOnlyList<IRewriteRule> rules, CancellationToken cancellation = default)
        => new GraphRewriter(graph).Walk(rules, cancellation);

    /// <summary>The node that defines a value in the graph written so far; null for a graph input.</summary>
    public Node? Producer(Value value) => _producers.GetValueOrDefault(value);

    /// <summary>The constant behind a value, or null.</summary>
    public Tensor? ConstantOf(Value value) => Producer(value)?.Operation is Constant constant ? constant.Tensor : null;

    /// <summary>Whether nothing but the node being rewritten reads the value; a graph output is read by the caller too.</summary>
    public bool HasOneUse(Value value) => _uses.GetValueOrDefault(value) == 1;

    /// <summary>Appends a constant under a new name.</summary>
    public Value AddConstant(Tensor tensor, string wantedName) => Add(new Constant(tensor), [], wantedName);

    /// <summary>Appends a node whose value has a new name.</summary>
    /// <param name="operation">What it computes.</param>
    /// <param name="inputs">Values written already.</param>
    /// <param name="wantedName">Name of the value, made unique.</param>
    /// <param name="nodeName">The name a user knows the node by; the value's where null.</param>
    public Value Add(Operation operation, ImmutableArray<Value> inputs, string wantedName, string? nodeName = null)
    {
        string name = wantedName;
        for (int i = 1; !_names.Add(name); i++)
            name = $"{wantedName}_{i}";
        Value output = new(name, operation.InferType([.. inputs.Select(v => v.Type)]));
        return WriteNew(new Node(operation, inputs, output) { Name = nodeName ?? name });
    }

    /// <summary>Gives the value of the node being rewritten a new definition of the same type; its name and users stay.</summary>
    /// <param name="output">The value of the node being rewritten.</param>
    /// <param name="operation">What it is now computed by.</param>
    /// <param name="inputs">Values written already.</param>
    /// <param name="nodeName">The name a user knows the new definition by.</param>
    public Value Define(Value output, Operation operation, ImmutableArray<Value> inputs, string nodeName)
    {
        RequireType(operation.InferType([.. inputs.Select(v => v.Type)]), output);
        return WriteNew(new Node(operation, inputs, output) { Name = nodeName });
    }

    private Graph Walk(IReadOnlyList<IRewriteRule> rules, CancellationToken cancellation)
    {
        bool changed = false;
        foreach (Node original in _source.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            Node node = original with { Inputs = [.. original.Inputs.Select(Resolve)] };
            if (FirstMatch(node, rules) is { } match && Accept(node, Resolve(match)))
                changed = true;
            else
                Write(node);
        }

        return changed ? _source.With(DeadNodes.Sweep([.. _nodes], _source.Outputs)) : _source;
    }

    private Value? FirstMatch(Node node, IReadOnlyList<IRewriteRule> rules)
    {
        foreach (IRewriteRule rule in rules)
        {
            if (rule.Rewrite(node, this) is { } replacement)
                return replacement;
        }

        return null;
    }

    /// <summary>
    /// Puts a rule's result in the place of a node. A graph output whose name cannot move becomes an identity of the
    /// result, unless it is as cheap as that already.
    /// </summary>
    private bool Accept(Node node, Value replacement)
    {
        if (replacement == node.Output || Forward(node.Output, replacement))
            return true;
        if (node.Operation is Identity or Constant)
            return false;
        Define(node.Output, new Identity(), [replacement], node.Name);
        return true;
    }

    /// <summary>
    /// Sends the readers of <paramref name="old"/> to <paramref name="replacement"/>. A graph output keeps its name, so
    /// there it is the replacement that takes the output's place, if it is free to: it may be no graph input or output.
    /// </summary>
    private bool Forward(Value old, Value replacement)
    {
        RequireType(replacement.Type, old);
        (Value dropped, Value kept) = (old, replacement);
        if (_outputs.Contains(old))
        {
            if (_outputs.Contains(replacement) || Producer(replacement) is not { } producer)
                return false;
            (dropped, kept) = (replacement, old);
            Rename(producer, old);
        }

        _replacements[dropped] = kept;
        AddUses(kept, _uses.GetValueOrDefault(dropped));
        return true;
    }

    /// <summary>Makes a written node define <paramref name="output"/> instead, also for the written nodes that read it.</summary>
    private void Rename(Node producer, Value output)
    {
        for (int i = _nodes.IndexOf(producer); i < _nodes.Count; i++)
        {
            Node node = _nodes[i];
            _producers.Remove(node.Output);
            _nodes[i] = node with
            {
                Inputs = [.. node.Inputs.Select(v => v == producer.Output ? output : v)],
                Output = node.Output == producer.Output ? output : node.Output,
            };
            _producers[_nodes[i].Output] = _nodes[i];
        }
    }

    private Value Resolve(Value value)
    {
        while (_replacements.TryGetValue(value, out Value? next))
            value = next;
        return value;
    }

    private Value WriteNew(Node node)
    {
        foreach (Value input in node.Inputs)
            AddUses(input, 1);
        return Write(node);
    }

    private Value Write(Node node)
    {
        _nodes.Add(node);
        _producers[node.Output] = node;
        return node.Output;
    }

    private static void RequireType(TensorType type, Value replaced)
    {
        if (type != replaced.Type)
            throw new InvalidOperationException($"A rewrite of {replaced} gives {type}.");
    }

    private void AddUses(Value value, int count) => _uses[value] = _uses.GetValueOrDefault(value) + count;
}
