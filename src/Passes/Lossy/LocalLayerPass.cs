using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Lossy;

/// <summary>A layer pass that needs to see no more than the node and what leads to it.</summary>
public abstract class LocalLayerPass(PassArguments arguments, bool mustSelect = false) : LayerPass(arguments, mustSelect)
{
    private protected sealed override Graph Rewrite(Graph graph, IReadOnlyDictionary<Value, Node> selected, PassContext context)
        => GraphRewriter.Apply(graph, [new SelectedRule(selected.Keys, Replace)], context.Cancellation);

    /// <summary>The replacement of a selected node; null leaves it.</summary>
    protected abstract Value? Replace(Node node, GraphRewriter graph);
}
