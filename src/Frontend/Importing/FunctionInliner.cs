using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Operators;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// Replaces the nodes that call a function of the model by the function's nodes, also inside functions and subgraphs.
/// Operators that the importer knows itself stay.
/// </summary>
internal sealed class FunctionInliner
{
    /// <summary>Expansion recurses; no real model comes near.</summary>
    private const int MaxDepth = 32;

    private readonly ModelProto _model;
    private readonly Dictionary<(string Domain, string Name, string Overload), FunctionProto> _functions = [];

    /// <summary>The functions whose calls are being replaced, outermost first.</summary>
    private readonly HashSet<FunctionProto> _open = new(ReferenceEqualityComparer.Instance);

    private int _nodesLeft;
    private int _calls;

    /// <param name="model">Is changed.</param>
    /// <param name="maxNodes">How many nodes the functions may add in all.</param>
    /// <exception cref="ModelFormatException">A function is defined twice.</exception>
    public FunctionInliner(ModelProto model, int maxNodes)
    {
        _model = model;
        _nodesLeft = maxNodes;
        foreach (FunctionProto function in model.Functions)
        {
            if (!_functions.TryAdd((Opsets.Normalize(function.Domain), function.Name, function.Overload), function))
                throw new ModelFormatException($"Function '{function.Name}' is defined twice.");
        }
    }

    /// <exception cref="ModelFormatException">A function calls itself, or the functions add too many nodes.</exception>
    public void Run()
    {
        if (_functions.Count == 0)
            return;
        ImportMissingOpsets();
        ExpandCalls(_model.Graph);
    }

    /// <summary>A model whose graph only calls functions may leave the operator sets of their bodies to them.</summary>
    private void ImportMissingOpsets()
    {
        HashSet<string> known = new(_model.OpsetImport.Select(o => Opsets.Normalize(o.Domain)), StringComparer.Ordinal);
        _model.OpsetImport.Add(_model.Functions.SelectMany(f => f.OpsetImport).Where(o => known.Add(Opsets.Normalize(o.Domain))).ToArray());
    }

    private void ExpandCalls(GraphProto graph)
    {
        List<NodeProto> nodes = [];
        foreach (NodeProto node in graph.Node)
            Expand(node, nodes);
        graph.Node.Clear();
        graph.Node.Add(nodes);
    }

    private void Expand(NodeProto node, List<NodeProto> nodes)
    {
        (string, string, string) key = (Opsets.Normalize(node.Domain), node.OpType, node.Overload);
        if (!_functions.TryGetValue(key, out FunctionProto? function) || OperatorTable.Find(OperatorTable.QualifiedName(node)) is not null)
        {
            foreach (GraphProto body in CapturedNames.Bodies(node))
                ExpandCalls(body);
            nodes.Add(node);
            return;
        }

        if (_open.Count == MaxDepth || !_open.Add(function))
            throw new ModelFormatException($"Function '{function.Name}' calls itself, or functions nest too deeply.");
        _nodesLeft -= function.Node.Count + 1;
        if (_nodesLeft < 0)
            throw new ModelFormatException("The model's functions expand to too many nodes.");
        FunctionCall call = new(node, function, $"{(node.Name.Length > 0 ? node.Name : node.OpType)}_{_calls++}/");
        foreach (NodeProto inner in call.Body())
            Expand(inner, nodes);
        _open.Remove(function);
    }
}
