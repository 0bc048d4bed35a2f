using PrivateInference.IR.Analysis;

namespace PrivateInference.Backends.Analysis;

/// <summary>
/// What a polynomial reaches on an interval. The interval is cut into pieces; on each, with m its middle and w half its width,
/// p(m + h) = Σ b_j·h^j lies within b_0 ± Σ_{j&gt;0} |b_j|·w^j, which overestimates by the order of w² only.
/// </summary>
internal static class PolynomialBounds
{
    private const int Pieces = 64;

    /// <summary>An interval that contains p(x) for every x of <paramref name="range"/>; close to the smallest one.</summary>
    public static Interval Range(ReadOnlySpan<double> coefficients, Interval range)
    {
        double half = (range.Maximum - range.Minimum) / (2 * Pieces);
        Span<double> shifted = stackalloc double[coefficients.Length];
        Interval hull = default;
        for (int piece = 0; piece < Pieces; piece++)
        {
            double middle = range.Minimum + (((2 * piece) + 1) * half), slack = 0;
            Shift(coefficients, middle, shifted);
            for (int j = shifted.Length - 1; j > 0; j--)
                slack = (slack + Math.Abs(shifted[j])) * half;
            Interval reached = new(shifted[0] - slack, shifted[0] + slack);
            hull = piece == 0 ? reached : hull.Hull(reached);
        }

        return hull;
    }

    /// <summary>The most that |p'| reaches on an interval, hence how much an error of x grows.</summary>
    public static double Slope(ReadOnlySpan<double> coefficients, Interval range)
    {
        Span<double> derivative = stackalloc double[coefficients.Length - 1];
        for (int k = 1; k < coefficients.Length; k++)
            derivative[k - 1] = k * coefficients[k];
        return Range(derivative, range).Magnitude;
    }

    private static void Shift(ReadOnlySpan<double> coefficients, double by, Span<double> shifted)
    {
        coefficients.CopyTo(shifted);
        for (int first = 0; first < shifted.Length - 1; first++)
        {
            for (int k = shifted.Length - 2; k >= first; k--)
                shifted[k] += by * shifted[k + 1];
        }
    }
}
