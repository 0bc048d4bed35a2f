using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Operations that scale values by statistics, given or computed.</summary>
internal static class NormalizationKernels
{
    /// <param name="op">The operation.</param>
    /// <param name="inputs">X[N, C, …], then scale, bias, mean and variance, C elements each.</param>
    public static Tensor BatchNormalization(BatchNormalization op, IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0];
        ReadOnlySpan<float> scale = inputs[1].Floats, bias = inputs[2].Floats, mean = inputs[3].Floats, variance = inputs[4].Floats;
        int channels = scale.Length;
        int plane = x.Shape.Rank < 2 ? 1 : new Shape(x.Shape.Dimensions.AsSpan()[2..]).Count;
        float[] result = x.Floats.ToArray();
        for (int start = 0, block = 0; start < result.Length; start += plane, block++)
        {
            int c = block % channels;
            float factor = (float)(scale[c] / Math.Sqrt((double)variance[c] + op.Epsilon));
            foreach (ref float value in result.AsSpan(start, plane))
                value = ((value - mean[c]) * factor) + bias[c];
        }

        return Tensor.FromFloats(x.Type, result);
    }

    public static Tensor Softmax(Softmax op, Tensor x)
    {
        ReadOnlySpan<int> dimensions = x.Shape.Dimensions.AsSpan();
        int last = op.Flatten ? dimensions.Length : op.Axis + 1;
        int length = new Shape(dimensions[op.Axis..last]).Count, inner = new Shape(dimensions[last..]).Count;
        float[] result = x.Floats.ToArray();
        for (int start = 0; start < result.Length; start += length * inner)
        {
            for (int i = 0; i < inner; i++)
                SoftmaxLine(result.AsSpan(start + i), length, inner);
        }

        return Tensor.FromFloats(x.Type, result);
    }

    /// <summary>In place over every stride-th element. The maximum is subtracted first, so that no exponential overflows.</summary>
    private static void SoftmaxLine(Span<float> line, int length, int stride)
    {
        float maximum = float.NegativeInfinity, sum = 0;
        for (int i = 0; i < length; i++)
            maximum = MathF.Max(maximum, line[i * stride]);
        for (int i = 0; i < length; i++)
            sum += line[i * stride] = MathF.Exp(line[i * stride] - maximum);
        for (int i = 0; i < length; i++)
            line[i * stride] /= sum;
    }
}
