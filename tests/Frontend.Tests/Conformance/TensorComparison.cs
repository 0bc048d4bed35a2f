using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

internal static class TensorComparison
{
    /// <summary>
    /// The largest difference of two tensors, relative to the range of the expected values, with 0 in it. Infinite when the
    /// shapes, the kinds of elements, or infinities and NaNs differ.
    /// </summary>
    public static double RangeError(Tensor actual, Tensor expected)
    {
        if (actual.Shape != expected.Shape || actual.Type.IsFloat != expected.Type.IsFloat)
            return double.PositiveInfinity;
        double low = 0, high = 0, largest = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            double a = Element(actual, i), e = Element(expected, i);
            if (double.IsFinite(e))
                (low, high) = (Math.Min(low, e), Math.Max(high, e));
            if (!a.Equals(e))
                largest = double.IsFinite(a - e) ? Math.Max(largest, Math.Abs(a - e)) : double.PositiveInfinity;
        }

        return largest == 0 ? 0 : largest / (high - low);
    }

    private static double Element(Tensor tensor, int index) => tensor.Type.IsFloat ? tensor.Floats[index] : tensor.Integers[index];
}
