using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// A node read as Scale[c]·Input + Offset[c] for each channel c: batch normalisation, or arithmetic with a constant.
/// Coefficients are in double precision, so that folding rounds once.
/// </summary>
internal sealed record ChannelScale(Value Input, double[] Scale, double[] Offset)
{
    public bool IsOffsetOnly => Scale.All(s => s == 1);

    public bool IsScaleOnly => Offset.All(o => o == 0);

    /// <summary>The reading of a node whose channels lie along <paramref name="channelAxis"/>, or null.</summary>
    public static ChannelScale? Match(Node node, Index channelAxis, GraphRewriter graph) => Match(node, channelAxis, graph.ConstantOf);

    /// <inheritdoc cref="Match(Node, Index, GraphRewriter)"/>
    public static ChannelScale? Match(Node node, Index channelAxis, Func<Value, Tensor?> constantOf)
    {
        int rank = node.Output.Shape.Rank, axis = channelAxis.GetOffset(rank);
        if (axis < 0 || axis >= rank || !node.Output.Type.IsFloat)
            return null;
        ChannelScale? match = node.Operation switch
        {
            BatchNormalization norm when axis == 1 => OfBatchNormalization(norm, node, constantOf),
            Binary binary => OfArithmetic(binary.Kind, node, axis, constantOf),
            _ => null,
        };
        return match != null && match.Scale.Concat(match.Offset).All(double.IsFinite) ? match : null;
    }

    private static ChannelScale? OfBatchNormalization(BatchNormalization norm, Node node, Func<Value, Tensor?> constantOf)
    {
        Tensor[] parameters = [.. node.Inputs.Skip(1).Select(constantOf).OfType<Tensor>()];
        if (parameters.Length < 4)
            return null;
        ReadOnlySpan<float> mean = parameters[2].Floats, variance = parameters[3].Floats;
        double[] scale = ToDoubles(parameters[0]), offset = ToDoubles(parameters[1]);
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] /= Math.Sqrt((double)variance[c] + norm.Epsilon);
            offset[c] -= scale[c] * mean[c];
        }

        return new ChannelScale(node.Inputs[0], scale, offset);
    }

    private static ChannelScale? OfArithmetic(BinaryKind kind, Node node, int axis, Func<Value, Tensor?> constantOf)
    {
        int variable = constantOf(node.Inputs[0]) == null ? 0 : 1;
        Value input = node.Inputs[variable];
        if (constantOf(node.Inputs[1 - variable]) is not { } constant || input.Type != node.Output.Type)
            return null;
        if (PerChannel(constant, node.Output.Shape, axis) is not { } c)
            return null;
        double[] ones = new double[c.Length], zeros = new double[c.Length];
        Array.Fill(ones, 1);
        return kind switch
        {
            BinaryKind.Add => new ChannelScale(input, ones, c),
            BinaryKind.Sub when variable == 0 => new ChannelScale(input, ones, Array.ConvertAll(c, v => -v)),
            BinaryKind.Sub => new ChannelScale(input, Array.ConvertAll(ones, v => -v), c),
            BinaryKind.Mul => new ChannelScale(input, c, zeros),
            BinaryKind.Div when variable == 0 => new ChannelScale(input, Array.ConvertAll(c, v => 1 / v), zeros),
            _ => null,
        };
    }

    /// <summary>The constant's element for each channel, where it varies along no other axis.</summary>
    private static double[]? PerChannel(Tensor constant, Shape shape, int axis)
    {
        int own = axis - (shape.Rank - constant.Shape.Rank);
        bool along = own >= 0 && constant.Shape[own] == constant.Shape.Count;
        if (!along && constant.Shape.Count != 1)
            return null;
        double[] elements = ToDoubles(constant);
        if (elements.Length == shape[axis])
            return elements;
        double[] repeated = new double[shape[axis]];
        Array.Fill(repeated, elements[0]);
        return repeated;
    }

    private static double[] ToDoubles(Tensor tensor) => Array.ConvertAll(tensor.Floats.ToArray(), v => (double)v);
}
