using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>transpose(transpose(x, p), q) → transpose(x, q∘p), or x where that is the identity.</summary>
internal sealed class MergeTransposes : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Transpose outer || graph.Producer(node.Inputs[0]) is not { Operation: Transpose inner } first)
            return null;
        int[] merged = [.. outer.Permutation.Select(axis => inner.Permutation[axis])];
        return merged.SequenceEqual(Enumerable.Range(0, merged.Length))
            ? first.Inputs[0]
            : graph.Define(node.Output, new Transpose(new IntVector(merged)), first.Inputs, node.Name);
    }
}
