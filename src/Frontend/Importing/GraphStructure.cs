using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// The wiring of an ONNX graph, checked: names are defined once and before use, and there is no cycle. Holds the nodes
/// that lead to an output, in an order in which every node follows its inputs.
/// </summary>
internal sealed class GraphStructure
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, int> _producer = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>What each node reads: its inputs, and what the graphs it holds read of the values around them.</summary>
    private readonly string[][] _reads;

    /// <summary>Whether a graph around this one defines a name.</summary>
    private readonly Func<string, bool> _isDefinedOutside;

    /// <exception cref="ModelFormatException">A name is defined twice or not at all, or the nodes form a cycle.</exception>
    public GraphStructure(GraphProto graph, Func<string, bool> isDefinedOutside)
    {
        _graph = graph;
        _isDefinedOutside = isDefinedOutside;
        _reads = [.. graph.Node.Select(CapturedNames.ReadBy)];
        CollectSources();
        CollectProducers();
        CheckReferences();
        Order = LiveNodesInOrder();
    }

    /// <summary>Positions in the file of the nodes that lead to an output, inputs first.</summary>
    public IReadOnlyList<int> Order { get; }

    /// <summary>Whether an output of the graph, or a node that leads to one, reads the value.</summary>
    public bool IsUsed(string valueName) => _used.Contains(valueName);

    /// <summary>Whether this graph defines the name.</summary>
    public bool IsDefined(string name) => _sources.Contains(name) || _producer.ContainsKey(name);

    private void CollectSources()
    {
        foreach (string name in _graph.Input.Select(i => i.Name))
            Require(name.Length > 0 && _sources.Add(name), $"Graph input '{name}' is declared twice or has no name.");
        HashSet<string> initializers = new(StringComparer.Ordinal);
        foreach (TensorProto initializer in _graph.Initializer)
        {
            Require(initializer.Name.Length > 0 && initializers.Add(initializer.Name), $"Initializer '{initializer.Name}' is defined twice or has no name.");
            _sources.Add(initializer.Name);
        }

        foreach (string name in _graph.SparseInitializer.Select(i => i.Values?.Name ?? ""))
        {
            Require(name.Length > 0 && initializers.Add(name), $"Initializer '{name}' is defined twice or has no name.");
            _sources.Add(name);
        }
    }

    private void CollectProducers()
    {
        for (int index = 0; index < _graph.Node.Count; index++)
        {
            NodeProto node = _graph.Node[index];
            Require(node.OpType.Length > 0, $"Node '{node.Name}' (number {index}) has no operator.");
            foreach (string output in node.Output.Where(o => o.Length > 0))
                Require(!_sources.Contains(output) && _producer.TryAdd(output, index), $"Value '{output}' is defined twice, the second time by node '{node.Name}' (number {index}).");
        }
    }

    private void CheckReferences()
    {
        for (int index = 0; index < _graph.Node.Count; index++)
        {
            NodeProto node = _graph.Node[index];
            foreach (string input in _reads[index])
                Require(IsDefined(input) || _isDefinedOutside(input), $"Node '{node.Name}' ({node.OpType}, number {index}) reads '{input}', which nothing defines.");
        }

        foreach (string output in _graph.Output.Select(o => o.Name))
            Require(IsDefined(output) || _isDefinedOutside(output), $"Graph output '{output}' is not defined.");
    }

    /// <summary>Depth-first from the outputs, with an explicit stack: a hostile chain may be millions of nodes long.</summary>
    private List<int> LiveNodesInOrder()
    {
        List<int> order = [];
        State[] states = new State[_graph.Node.Count];
        Stack<int> stack = new();
        foreach (int node in ProducersOf(_graph.Output.Select(o => o.Name)).AsEnumerable().Reverse())
            stack.Push(node);
        while (stack.TryPeek(out int node))
        {
            if (states[node] == State.New)
            {
                states[node] = State.Open;
                PushInputs(node, states, stack);
                continue;
            }

            stack.Pop();
            if (states[node] == State.Open)
            {
                states[node] = State.Done;
                order.Add(node);
            }
        }

        // The file's own order where it is a valid one, as it nearly always is: dumps and reports follow the model.
        List<int> sorted = [.. order.Order()];
        return IsTopological(sorted) ? sorted : order;
    }

    private void PushInputs(int node, State[] states, Stack<int> stack)
    {
        foreach (int input in ProducersOf(_reads[node]).AsEnumerable().Reverse())
        {
            Require(states[input] != State.Open, $"Node '{_graph.Node[node].Name}' ({_graph.Node[node].OpType}, number {node}) is part of a cycle.");
            if (states[input] == State.New)
                stack.Push(input);
        }
    }

    /// <summary>The nodes behind these names; marks the names as used.</summary>
    private List<int> ProducersOf(IEnumerable<string> names)
    {
        List<int> producers = [];
        foreach (string name in names)
        {
            _used.Add(name);
            if (_producer.TryGetValue(name, out int producer))
                producers.Add(producer);
        }

        return producers;
    }

    private bool IsTopological(List<int> order)
        => order.All(node => _reads[node].All(i => !_producer.TryGetValue(i, out int producer) || producer < node));

    private static void Require(bool condition, string message)
    {
        if (!condition)
            throw new ModelFormatException(message);
    }

    private enum State : byte
    {
        New,
        Open,
        Done,
    }
}
