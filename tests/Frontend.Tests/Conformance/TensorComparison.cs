using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

internal static class TensorComparison
{
    /// <summary>
    /// The largest difference of two tensors of one shape, relative to the range of the expected values (with 0 in it).
    /// Infinite when shapes, non-finite values or integers differ.
    /// </summary>
    public static double RangeError(Tensor actual, Tensor expected)
    {
        if (actual.Shape != expected.Shape || actual.Type.IsFloat != expected.Type.IsFloat)
            return double.PositiveInfinity;
        if (!expected.Type.IsFloat)
            return actual.Integers.SequenceEqual(expected.Integers) ? 0 : double.PositiveInfinity;
        double low = 0, high = 0, largest = 0;
        for (int i = 0; i < expected.Shape.Count; i++)
        {
            float a = actual.Floats[i], e = expected.Floats[i];
            if (a.Equals(e))
                continue;
            if (!float.IsFinite(e) || !float.IsFinite(a))
                return double.PositiveInfinity;
            largest = Math.Max(largest, Math.Abs((double)a - e));
        }

        foreach (float e in expected.Floats)
        {
            if (float.IsFinite(e))
                (low, high) = (Math.Min(low, e), Math.Max(high, e));
        }

        return largest == 0 ? 0 : largest / (high - low);
    }
}
