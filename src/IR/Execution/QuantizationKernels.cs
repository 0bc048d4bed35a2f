namespace PrivateInference.IR.Execution;

/// <summary>Between real numbers and the integers that stand for them.</summary>
internal static class QuantizationKernels
{
    public static Tensor Quantize(Tensor x, Tensor scale, Tensor zeroPoint, TensorType type)
    {
        ReadOnlySpan<float> source = x.Floats, scales = LayoutKernels.Broadcast(scale, type.Shape).Floats;
        ReadOnlySpan<long> zeros = LayoutKernels.Broadcast(zeroPoint, type.Shape).Integers;
        IntegerRange range = IntegerRange.Of(type.Element);
        long[] result = new long[source.Length];

        // The quotient is single precision, as in ONNX Runtime: it decides which way a half goes.
        for (int i = 0; i < result.Length; i++)
            result[i] = range.Saturate(Math.Round((double)(source[i] / scales[i])) + zeros[i]);
        return Tensor.FromIntegers(type, result);
    }

    public static Tensor Dequantize(Tensor x, Tensor scale, Tensor zeroPoint, TensorType type)
    {
        ReadOnlySpan<long> source = x.Integers, zeros = LayoutKernels.Broadcast(zeroPoint, type.Shape).Integers;
        ReadOnlySpan<float> scales = LayoutKernels.Broadcast(scale, type.Shape).Floats;
        float[] result = new float[source.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (source[i] - zeros[i]) * scales[i];
        return Tensor.FromFloats(type, result);
    }
}
