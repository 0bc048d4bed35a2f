using PrivateInference.IR;

namespace PrivateInference.Passes.Lossy;

/// <summary>A pass that rewrites layers one by one, all or those that the user selects.</summary>
/// <param name="arguments">The values given for its parameters, among them the layers.</param>
/// <param name="mustSelect">Whether the user has to say which layers, as all of them would make no sense.</param>
public abstract class LayerPass(PassArguments arguments, bool mustSelect = false) : Pass
{
    private readonly LayerSelection _layers = arguments.Layers();
    public override PassContract Contract => PassContract.Lossy;

    public override IReadOnlyList<PassParameter> Parameters => [LayerSelection.Parameter];

    /// <exception cref="PassException">The selection names a layer that the pass does not apply to, or is missing.</exception>
    public sealed override Graph Run(Graph graph, PassContext context)
    {
        Node[] candidates = [.. graph.Nodes.Where(n => AppliesTo(n, graph))];
        if (mustSelect && !_layers.IsGiven)
            throw new PassException($"layers=… has to say which. {LayerSelection.Known(candidates)}");
        IReadOnlyList<Node> layers = Worthwhile(_layers.Of(candidates), _layers, graph, context);
        Dictionary<Value, Node> selected = layers.ToDictionary(n => n.Output);
        return selected.Count == 0 ? graph : Rewrite(graph, selected, context);
    }

    /// <summary>Whether the pass could rewrite a node.</summary>
    protected abstract bool AppliesTo(Node node, Graph graph);

    /// <summary>Those of the selected layers that there is something to gain from; the others get a note.</summary>
    private protected virtual IReadOnlyList<Node> Worthwhile(IReadOnlyList<Node> layers, LayerSelection selection, Graph graph, PassContext context) => layers;

    /// <summary>Rewrites the selected nodes, given by the values they define.</summary>
    private protected abstract Graph Rewrite(Graph graph, IReadOnlyDictionary<Value, Node> selected, PassContext context);
}
