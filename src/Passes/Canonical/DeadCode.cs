using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>Nodes that no output depends on go; graph inputs stay, as they are the model's signature.</summary>
public sealed class DeadCode : Pass
{
    public override string Name => "dead-code";

    public override string Summary => "Removes operations that no output depends on.";

    public override PassContract Contract => PassContract.Exact;

    public override Graph Run(Graph graph, PassContext context)
    {
        ImmutableArray<Node> live = DeadNodes.Sweep(graph.Nodes, graph.Outputs);
        return live.Length == graph.Nodes.Length ? graph : graph.With(live);
    }
}
