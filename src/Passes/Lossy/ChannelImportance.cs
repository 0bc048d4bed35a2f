using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Lossy;

/// <summary>
/// How much each channel of a value matters, by the L1 norm of the weights that produce it (Lou et al., "SAFENet", section
/// 3.1, equation 3, after Li et al. 2017).
/// </summary>
internal static class ChannelImportance
{
    /// <summary>One non-negative number a channel, or null where no weights lead to the value channel by channel.</summary>
    public static double[]? OfWeights(Value value, int axis, Graph graph)
    {
        if (graph.Producer(value) is not { } node)
            return null;
        return node.Operation switch
        {
            Conv => graph.ConstantOf(node.Inputs[1]) is { } weight && axis == 1 ? Norms(weight, 0) : null,
            MatMul => graph.ConstantOf(node.Inputs[1]) is { Shape.Rank: 2 } weight && axis == value.Shape.Rank - 1 ? Norms(weight, 1) : null,
            Concat concat => concat.Axis == axis ? Join(node, axis, graph) : null,
            Binary { Kind: BinaryKind.Add or BinaryKind.Sub } => Sum(node, axis, graph),
            BatchNormalization or Pad or Relu or Clip or MaxPool or AveragePool or Identity or Dropout or ElementwiseFunction
                => OfWeights(node.Inputs[0], axis, graph),
            _ => null,
        };
    }

    private static double[] Norms(Tensor weight, int channelAxis)
    {
        double[] norms = new double[weight.Shape[channelAxis]];
        int inner = weight.Shape.Strides()[channelAxis];
        for (int i = 0; i < weight.Floats.Length; i++)
            norms[i / inner % norms.Length] += Math.Abs(weight.Floats[i]);
        return norms;
    }

    private static double[]? Join(Node node, int axis, Graph graph)
    {
        double[]?[] parts = [.. node.Inputs.Select(v => OfWeights(v, axis, graph))];
        return parts.Any(p => p is null) ? null : [.. parts.SelectMany(p => p!)];
    }

    /// <summary>A residual's channels matter by both branches; a constant adds nothing.</summary>
    private static double[]? Sum(Node node, int axis, Graph graph)
    {
        double[]?[] parts = [.. node.Inputs.Where(v => graph.ConstantOf(v) is null && v.Shape == node.Output.Shape).Select(v => OfWeights(v, axis, graph))];
        return parts.Length == 0 || parts.Any(p => p is null) ? null : [.. parts.Aggregate((a, b) => [.. a!.Zip(b!, (x, y) => x + y)])!];
    }
}
