using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// avgpool(pad(x, p, 0)) {pads = q} → avgpool(x) {pads = p + q, count_include_pad}, exact only where the pool's own pads
/// count too or are none: the divisor counts the elements that the padding adds.
/// </summary>
internal sealed class FoldPadIntoAveragePool : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not AveragePool pool || graph.Producer(node.Inputs[0]) is not { Operation: Pad pad } padding)
            return null;
        if (!(pool.CountIncludePad || pool.Window.Pads.All(0)) || SpatialPads.Absorb(pad, pool.Window) is not { } window)
            return null;
        AveragePool merged = pool with { Window = window, CountIncludePad = true };

        // With ceil, the last window may start in what is now end padding, and would be left out.
        if (merged.InferType([padding.Inputs[0].Type]) != node.Output.Type)
            return null;
        return graph.Define(node.Output, merged, [padding.Inputs[0]], node.Name);
    }
}
