using PrivateInference.IR;

namespace PrivateInference.Passes;

/// <summary>What a graph costs, in machine-independent counts.</summary>
/// <param name="Nodes">Nodes, constants included.</param>
/// <param name="SignDecisions">See <see cref="Passes.SignDecisions"/>.</param>
/// <param name="MultiplyAccumulates">See <see cref="Passes.MultiplyAccumulates"/>.</param>
public sealed record GraphSize(int Nodes, long SignDecisions, long MultiplyAccumulates)
{
    public static GraphSize Of(Graph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        return new GraphSize(graph.Nodes.Length, Passes.SignDecisions.Count(graph), Passes.MultiplyAccumulates.Count(graph));
    }
}
