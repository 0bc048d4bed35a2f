using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Polynomials;

/// <summary>
/// How much each channel of a value matters: the L1 norm of the weights that produce it (Lou et al., "SAFENet", section 3,
/// after Li et al. 2017).
/// </summary>
internal static class ChannelImportance
{
    /// <summary>One number a channel; null where no weights lead to the value channel by channel.</summary>
    /// <param name="value">The value.</param>
    /// <param name="axis">The axis of its channels.</param>
    /// <param name="producer">The node that defines a value, or null.</param>
    public static double[]? Of(Value value, int axis, Func<Value, Node?> producer)
    {
        for (Node? node = producer(value); node is not null; node = producer(node.Inputs[0]))
        {
            if (node.Operation is (Conv or MatMul) && Norms(node, axis, producer) is { } norms)
                return norms;
            bool passesChannels = node.Operation is BatchNormalization
                || (node.Operation is Binary && node.Inputs.Skip(1).All(v => producer(v)?.Operation is Constant));
            if (!passesChannels || node.Inputs[0].Shape != value.Shape)
                return null;
        }

        return null;
    }

    private static double[]? Norms(Node layer, int axis, Func<Value, Node?> producer)
    {
        int rank = layer.Output.Shape.Rank, weightAxis = layer.Operation is Conv ? 0 : 1;
        if (producer(layer.Inputs[1])?.Operation is not Constant { Tensor: var weight })
            return null;
        if (weight.Shape.Rank < 2 || axis != (layer.Operation is Conv ? 1 : rank - 1))
            return null;
        double[] norms = new double[weight.Shape[weightAxis]];
        int inner = weight.Shape.Strides()[weightAxis];
        for (int i = 0; i < weight.Shape.Count; i++)
            norms[i / inner % norms.Length] += Math.Abs(weight.Floats[i]);
        return norms;
    }
}
