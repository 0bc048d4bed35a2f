using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Functions of the vectors along an axis.</summary>
internal static class AxisKernels
{
    /// <summary>A function of a vector, in place over every stride-th element of the span.</summary>
    private delegate void LineFunction(Span<float> line, int length, int stride);

    public static Tensor Softmax(Softmax op, Tensor x) => MapLines(x, op.Axis, op.Flatten ? x.Shape.Rank : op.Axis + 1, SoftmaxLine);

    public static Tensor Evaluate(AxisFunction op, Tensor x) => MapLines(x, op.Axis, op.Axis + 1, op switch
    {
        LogSoftmax => LogSoftmaxLine,
        Hardmax => HardmaxLine,
        LpNormalization norm => (line, length, stride) => NormalizeLine(line, length, stride, norm.P),
        _ => throw new GraphException($"The interpreter has no kernel for '{op.Name}'."),
    });

    private static Tensor MapLines(Tensor x, int axis, int last, LineFunction function)
    {
        ReadOnlySpan<int> dimensions = x.Shape.Dimensions.AsSpan();
        int length = new Shape(dimensions[axis..last]).Count, inner = new Shape(dimensions[last..]).Count;
        float[] result = x.Floats.ToArray();
        for (int start = 0; start < result.Length; start += length * inner)
        {
            for (int i = 0; i < inner; i++)
                function(result.AsSpan(start + i), length, inner);
        }

        return Tensor.FromFloats(x.Type, result);
    }

    /// <summary>The maximum is subtracted first, so that no exponential overflows.</summary>
    private static void SoftmaxLine(Span<float> line, int length, int stride)
    {
        float maximum = Maximum(line, length, stride), sum = 0;
        for (int i = 0; i < length; i++)
            sum += line[i * stride] = MathF.Exp(line[i * stride] - maximum);
        for (int i = 0; i < length; i++)
            line[i * stride] /= sum;
    }

    private static void LogSoftmaxLine(Span<float> line, int length, int stride)
    {
        float maximum = Maximum(line, length, stride), sum = 0;
        for (int i = 0; i < length; i++)
            sum += MathF.Exp(line[i * stride] - maximum);
        float logSum = MathF.Log(sum);

        // In this order: beside a large maximum the logarithm would be lost.
        for (int i = 0; i < length; i++)
            line[i * stride] = line[i * stride] - maximum - logSum;
    }

    private static void HardmaxLine(Span<float> line, int length, int stride)
    {
        int best = 0;
        for (int i = 1; i < length; i++)
            best = line[i * stride] > line[best * stride] ? i : best;
        for (int i = 0; i < length; i++)
            line[i * stride] = i == best ? 1 : 0;
    }

    private static void NormalizeLine(Span<float> line, int length, int stride, int p)
    {
        double sum = 0;
        for (int i = 0; i < length; i++)
        {
            double magnitude = Math.Abs(line[i * stride]);
            sum += p == 1 ? magnitude : magnitude * magnitude;
        }

        double norm = p == 1 ? sum : Math.Sqrt(sum);
        for (int i = 0; i < length && norm > 0; i++)
            line[i * stride] = (float)(line[i * stride] / norm);
    }

    private static float Maximum(ReadOnlySpan<float> line, int length, int stride)
    {
        float maximum = float.NegativeInfinity;
        for (int i = 0; i < length; i++)
            maximum = MathF.Max(maximum, line[i * stride]);
        return maximum;
    }
}
