using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>Weights as integers of a layer-wide power-of-two scale.</summary>
internal static class WeightQuantizer
{
    /// <summary>The largest exponent e with |w| · 2^e &lt; 2^(bits−1) for every weight, rounding included; 0 for a layer of zeros.</summary>
    public static int Exponent(ReadOnlySpan<float> weights, int bits)
    {
        double largest = 0;
        foreach (float weight in weights)
            largest = Math.Max(largest, Math.Abs(weight));
        if (largest == 0)
            return 0;
        double limit = Math.ScaleB(1, bits - 1) - 1;
        int exponent = Math.ILogB(limit / largest);
        return Math.Round(Math.ScaleB(largest, exponent + 1)) <= limit ? exponent + 1 : exponent;
    }

    public static long[] Quantize(ReadOnlySpan<float> weights, double scale)
    {
        long[] integers = new long[weights.Length];
        for (int i = 0; i < integers.Length; i++)
            integers[i] = FixedPointEncoding.ToInteger(weights[i], scale);
        return integers;
    }

    /// <summary>⌈log2⌉ of the largest Euclidean norm of a row, at least 0.</summary>
    public static int NormBits(ReadOnlySpan<long> weights, int taps)
    {
        double largest = 0;
        for (int row = 0; row < weights.Length; row += taps)
        {
            double squares = 0;
            foreach (long weight in weights.Slice(row, taps))
                squares += (double)weight * weight;
            largest = Math.Max(largest, squares);
        }

        int bits = 0;
        while (Math.ScaleB(1, 2 * bits) < largest)
            bits++;
        return bits;
    }
}
