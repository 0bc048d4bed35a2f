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

    /// <param name="op">The operation.</param>
    /// <param name="inputs">X, then optionally scale and bias, which broadcast to X.</param>
    public static Tensor LayerNormalization(LayerNormalization op, IReadOnlyList<Tensor> inputs)
    {
        Tensor x = inputs[0];
        int length = new Shape(x.Shape.Dimensions.AsSpan()[op.Axis..]).Count;
        float[] result = x.Floats.ToArray();
        for (int start = 0; start < result.Length; start += length)
            Standardize(result.AsSpan(start, length), op.Epsilon, op.Centered);
        Tensor normalized = Tensor.FromFloats(x.Type, result);
        if (inputs.Count > 1)
            normalized = ElementwiseKernels.Binary(BinaryKind.Mul, normalized, inputs[1], x.Type);
        return inputs.Count > 2 ? ElementwiseKernels.Binary(BinaryKind.Add, normalized, inputs[2], x.Type) : normalized;
    }

    /// <summary>Sums of squares run over a sliding range of channels, for all positions of an image at once.</summary>
    public static Tensor LocalResponseNormalization(LocalResponseNormalization op, Tensor x)
    {
        int channels = x.Shape[1], plane = new Shape(x.Shape.Dimensions.AsSpan()[2..]).Count;
        int before = (op.Size - 1) / 2, after = op.Size - 1 - before;
        ReadOnlySpan<float> source = x.Floats;
        float[] result = new float[source.Length];
        for (int block = 0; block * plane < result.Length; block++)
        {
            int c = block % channels, image = block - c;
            int first = Math.Max(c - before, 0), last = (int)Math.Min((long)c + after, channels - 1);
            for (int i = 0; i < plane; i++)
            {
                double sum = 0;
                for (int neighbour = first; neighbour <= last; neighbour++)
                {
                    double value = source[((image + neighbour) * plane) + i];
                    sum += value * value;
                }

                result[(block * plane) + i] = (float)(source[(block * plane) + i] / Math.Pow(op.Bias + (op.Alpha / op.Size * sum), op.Beta));
            }
        }

        return Tensor.FromFloats(x.Type, result);
    }

    private static void Standardize(Span<float> values, float epsilon, bool centered)
    {
        double sum = 0, squares = 0;
        foreach (float value in values)
            sum += value;
        double mean = centered ? sum / values.Length : 0;
        foreach (float value in values)
            squares += (value - mean) * (value - mean);
        double factor = 1 / Math.Sqrt((squares / values.Length) + epsilon);
        foreach (ref float value in values)
            value = (float)((value - mean) * factor);
    }
}
