using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>
/// avgpool(conv(x)) → conv(avgpool(x)) for a 1×1 convolution: one averages over places, the other over channels. The bias
/// passes where each mean is over as many elements as it divides by. Done where the pool leaves fewer places.
/// </summary>
internal sealed class AveragePoolBeforePointwise : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not AveragePool pool || !graph.HasOneUse(node.Inputs[0]) || node.Output.Shape.Count >= node.Inputs[0].Shape.Count)
            return null;
        if (LinearLayer.Convolution(graph.Producer(node.Inputs[0]), graph) is not { Node.Operation: Conv { Window: { } window } } layer)
            return null;
        if (!window.Kernel.All(1) || !window.Strides.All(1) || !window.Pads.All(0))
            return null;
        if (layer.Bias.Length > 0 && !IsMeanOfElements(pool, node))
            return null;
        Value pooled = graph.Add(pool, [layer.Input], $"{node.Output.Name}.pooled", node.Name);
        return graph.Define(node.Output, layer.Node.Operation, layer.Node.Inputs.SetItem(0, pooled), layer.Node.Name);
    }

    private static bool IsMeanOfElements(AveragePool pool, Node node)
        => pool.Window.Pads.All(0) || (!pool.CountIncludePad && Windows.AllHoldElements(pool.Window, node.Inputs[0].Shape, node.Output.Shape));
}
