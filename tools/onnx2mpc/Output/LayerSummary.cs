using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>One operation of a model.</summary>
internal sealed record LayerSummary(string Name, string Operation, string Output, long MultiplyAccumulates, long Relus)
{
    public static LayerSummary Of(Node node)
    {
        long work = node.Operation switch
        {
            Conv => (long)node.Output.Shape.Count * (node.Inputs[1].Shape.Count / node.Inputs[1].Shape[0]),
            MatMul => (long)node.Output.Shape.Count * node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1],
            _ => 0,
        };
        return new LayerSummary(node.Name, node.Operation.Name, node.Output.Type.ToString(), work, SignDecisions.Count(node));
    }
}
