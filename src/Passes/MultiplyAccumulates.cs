using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes;

/// <summary>Counts the multiply-accumulates of one inference's convolutions and matrix products.</summary>
public static class MultiplyAccumulates
{
    public static long Count(Graph graph) => graph.Nodes.Sum(Count);

    public static long Count(Node node) => node.Operation switch
    {
        Conv => (long)node.Output.Shape.Count * (node.Inputs[1].Shape.Count / Math.Max(node.Inputs[1].Shape[0], 1)),
        MatMul => (long)node.Output.Shape.Count * node.Inputs[0].Shape[node.Inputs[0].Shape.Rank - 1],
        _ => 0,
    };
}
