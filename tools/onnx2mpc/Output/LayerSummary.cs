using PrivateInference.IR;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>One operation of a model.</summary>
internal sealed record LayerSummary(string Name, string Operation, string Output, long MultiplyAccumulates, long Relus)
{
    public static LayerSummary Of(Graph graph, Node node) => new(
        node.Name,
        node.Operation.Name,
        node.Output.Type.ToString(),
        Passes.MultiplyAccumulates.Count(node),
        SignDecisions.Count(graph, node));
}
