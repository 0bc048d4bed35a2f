using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Polynomial activations by Horner's rule, in double precision: high powers would lose single precision.</summary>
internal static class PolynomialKernels
{
    public static Tensor Evaluate(Polynomial op, Tensor x, Tensor coefficients)
    {
        int sets = coefficients.Shape[0], terms = coefficients.Shape[1];
        int plane = new Shape(x.Shape.Dimensions.AsSpan()[(op.Axis + 1)..]).Count;
        float[] result = x.Floats.ToArray();
        for (int start = 0, block = 0; start < result.Length; start += plane, block++)
        {
            ReadOnlySpan<float> set = coefficients.Floats.Slice(block % x.Shape[op.Axis] % sets * terms, terms);
            foreach (ref float value in result.AsSpan(start, plane))
                value = Horner(set, value);
        }

        return Tensor.FromFloats(x.Type, result);
    }

    private static float Horner(ReadOnlySpan<float> coefficients, double x)
    {
        double sum = 0;
        for (int k = coefficients.Length - 1; k >= 0; k--)
            sum = (sum * x) + coefficients[k];
        return (float)sum;
    }
}
