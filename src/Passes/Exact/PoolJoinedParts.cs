using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical.Permutations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>maxpool(concat(relu(a), b)) → concat(maxpool(relu(a)), maxpool(b)), joined along the channels: pools treat each alone.</summary>
internal sealed class PoolJoinedParts : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (node.Operation is not MaxPool || !graph.HasOneUse(node.Inputs[0]))
            return null;

        // Behind the join a partial activation restores the order of the channels, which can wait until after the pool.
        if (ChannelGather.MatchSingle(node.Inputs[0], graph) is { Axis: 1, IsPermutation: true })
            return new SinkPermutation().Rewrite(node, graph);
        if (graph.Producer(node.Inputs[0]) is not { Operation: Concat { Axis: 1 } } join || !join.Inputs.Any(v => IsActivated(v, graph)))
            return null;
        ImmutableArray<Value> parts = [.. join.Inputs.Select((v, i) => graph.Add(node.Operation, [v], $"{node.Output.Name}.part{i}", $"{node.Name}.part{i}"))];
        return graph.Define(node.Output, join.Operation, parts, join.Name);
    }

    private static bool IsActivated(Value part, GraphRewriter graph)
        => graph.HasOneUse(part) && graph.Producer(part) is { Operation: Relu or Clip };
}
