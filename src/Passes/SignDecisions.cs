using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes;

/// <summary>
/// Counts the sign decisions (DReLU evaluations) of one inference, which dominate the cost of a secure run: one for each
/// element of a ReLU, a DReLU or another function with two branches, one for each finite bound of a clip's element, and k − 1
/// for a maximum over a window of k. Rounding to a quantised type saturates at two bounds, but for an input, which the client
/// quantises in the clear.
/// </summary>
public static class SignDecisions
{
    public static long Count(Graph graph) => graph.Nodes.Sum(node => Count(graph, node));

    /// <summary>Of a node in its graph: a graph input is quantised for nothing.</summary>
    public static long Count(Graph graph, Node node)
        => node.Operation is QuantizeLinear && graph.Inputs.Contains(node.Inputs[0]) ? 0 : Count(node);

    public static long Count(Node node) => node.Operation switch
    {
        Relu or DRelu or LeakyRelu or PRelu or Elu or ThresholdedRelu or Compare => node.Output.Shape.Count,
        Unary { Kind: UnaryKind.Abs } or Binary { Kind: BinaryKind.Min or BinaryKind.Max } => node.Output.Shape.Count,
        HardSigmoid or HardSwish or Shrink or QuantizeLinear or Unary { Kind: UnaryKind.Sign } => 2L * node.Output.Shape.Count,
        Clip clip => (long)node.Output.Shape.Count * FiniteBounds(clip),
        MaxPool pool => node.Output.Shape.Count * (pool.Window.Kernel.Aggregate(1L, (size, k) => size * k) - 1),
        _ => 0,
    };

    private static int FiniteBounds(Clip clip) => (float.IsFinite(clip.Minimum) ? 1 : 0) + (float.IsFinite(clip.Maximum) ? 1 : 0);
}
