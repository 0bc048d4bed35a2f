using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Recognition;

/// <summary>cast(x ≥ 0) → drelu(x), for a conversion to x's own type.</summary>
internal sealed class ComparisonToDRelu : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Cast || graph.Producer(node.Inputs[0]) is not { Operation: Compare { Kind: var kind } } comparison)
            return null;
        (Value Number, Value Zero)? sides = kind switch
        {
            CompareKind.GreaterOrEqual => (comparison.Inputs[0], comparison.Inputs[1]),
            CompareKind.LessOrEqual => (comparison.Inputs[1], comparison.Inputs[0]),
            _ => null,
        };
        return sides is { } s && s.Number.Type.IsFloat && s.Number.Type == node.Output.Type && IsZero(graph.ConstantOf(s.Zero))
            ? graph.Define(node.Output, new DRelu(), [s.Number], node.Name)
            : null;
    }

    private static bool IsZero(Tensor? tensor) => tensor is { Type.IsFloat: true } && tensor.Floats.IndexOfAnyExcept(0f) < 0;
}
