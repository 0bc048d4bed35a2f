namespace PrivateInference.IR.Execution;

/// <summary>Functions that the platform's mathematics lacks.</summary>
internal static class SpecialFunctions
{
    /// <summary>
    /// The error function, to a relative error below 3e-8: its Taylor series inside ±1, outside one minus a rational
    /// Chebyshev fit of the complement (Press et al., Numerical Recipes, 2nd edition, section 6.2).
    /// </summary>
    public static double Erf(double x)
    {
        double magnitude = Math.Abs(x);
        return magnitude < 1 ? Series(x) : Math.CopySign(1 - Complement(magnitude), x);
    }

    private static double Series(double x)
    {
        double term = x, sum = x;
        for (int n = 1; n <= 12; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }

    private static double Complement(double x)
    {
        ReadOnlySpan<double> coefficients =
        [
            0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368, -1.26551223,
        ];
        double t = 1 / (1 + (0.5 * x)), exponent = 0;
        foreach (double coefficient in coefficients)
            exponent = (exponent * t) + coefficient;
        return t * Math.Exp((-x * x) + exponent);
    }
}
