using PrivateInference.IR;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// Drops what an activation never does. Interval analysis (<see cref="StaticRanges"/>) proves from the constants and the
/// operations alone that a value stays inside a bound for every input in the declared input range, if one is declared; then the bound costs a sign
/// decision per element and changes nothing: relu(x) with x ≥ 0, the 6 of a ReLU6 behind a sigmoid, |x| with x ≥ 0,
/// max(x, c) with x ≥ c. Observed ranges prove nothing and are not used.
/// </summary>
public sealed class ReluRedundant : Pass
{
    public override string Name => "relu-redundant";

    public override string Summary => "Drops ReLUs of values that cannot be negative, and bounds of clips that cannot be reached.";

    public override PassContract Contract => PassContract.Exact;

    public override Graph Run(Graph graph, PassContext context)
    {
        for (Graph next; ; graph = next)
        {
            next = GraphRewriter.Apply(graph, [new DropUnreachedBounds(StaticRanges.Of(graph, context.InputRange))], context.Cancellation);
            if (ReferenceEquals(next, graph))
                return graph;
        }
    }
}
