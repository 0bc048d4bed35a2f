using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>conv(pad(x, p, 0), W, b) {pads = q} → conv(x, W, b) {pads = p + q}</summary>
internal sealed class FoldPadIntoConv : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Conv conv || graph.Producer(node.Inputs[0]) is not { Operation: Pad pad } padding)
            return null;
        if (SpatialPads.Absorb(pad, conv.Window) is not { } window)
            return null;
        return graph.Define(node.Output, conv with { Window = window }, node.Inputs.SetItem(0, padding.Inputs[0]), node.Name);
    }
}
