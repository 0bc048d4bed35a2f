using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>pad(pad(x, p, v), q, v) → pad(x, p + q, v)</summary>
internal sealed class FoldTwoPads : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Pad outer || graph.Producer(node.Inputs[0]) is not { Operation: Pad inner } padding)
            return null;
        if (inner.Value != outer.Value)
            return null;
        Pad merged = outer with { Pads = SpatialPads.Sum(inner.Pads, outer.Pads) };
        return graph.Define(node.Output, merged, padding.Inputs, node.Name);
    }
}
