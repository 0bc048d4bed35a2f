using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Permutations;

/// <summary>Two gathers in a row along one axis are one; one that moves nothing is none.</summary>
internal sealed class ComposeGathers : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (ChannelGather.Match(node, graph) is not { } outer)
            return null;
        if (outer.IsIdentity)
            return outer.Source;
        if (ChannelGather.Match(graph.Producer(outer.Source), graph) is not { } inner || inner.Axis != outer.Axis)
            return null;
        int[] positions = Array.ConvertAll(outer.Positions, p => inner.Positions[p]);
        return graph.Define(node.Output, node.Operation, [inner.Source, ChannelGather.Indices(positions, node.Output.Name, graph)], node.Name);
    }
}
