using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Polynomials;

/// <summary>A layer's polynomials: one for all its channels, or one each.</summary>
/// <param name="Coefficients">In ascending order of the power.</param>
/// <param name="Range">The interval that they are fitted on.</param>
/// <param name="Error">The root of the mean squared difference to the activation, over all points of the fit.</param>
internal sealed record PolynomialFit(double[][] Coefficients, FitRange Range, double Error)
{
    /// <param name="moments">Points for all channels, or for each.</param>
    /// <param name="bits">p where coefficients are integers over 2^p of magnitude at most 1/2; 0 where they are real.</param>
    public static PolynomialFit Of(IReadOnlyList<PolynomialMoments> moments, int bits)
    {
        double[][] coefficients = [.. moments.Select(m => bits == 0 ? m.Fit() : Scaled(m.FitIntegers(bits)))];
        double squares = moments.Zip(coefficients, (m, c) => m.Count * Math.Pow(m.RootMeanSquareError(c), 2)).Sum();
        FitRange range = new(moments.Min(m => m.Minimum), moments.Max(m => m.Maximum));
        return new PolynomialFit(coefficients, range, Math.Sqrt(squares / Math.Max(1, moments.Sum(m => m.Count))));

        double[] Scaled(int[] integers) => Array.ConvertAll(integers, c => c / (double)(1L << bits));
    }

    public int Degree => Coefficients[0].Length - 1;

    /// <summary>The largest power of x in the range: what a ring has to hold, at the scale of a product of so many factors.</summary>
    public double LargestPower => Math.Max(1, Math.Pow(Range.Magnitude, Degree));

    /// <summary>The largest |c_k·x^k| in the range.</summary>
    public double LargestTerm => Coefficients.Max(set => set.Select((c, k) => Math.Abs(c) * Math.Pow(Range.Magnitude, k)).Max());

    /// <summary>The constant input of <see cref="Polynomial"/>.</summary>
    public Tensor ToTensor() => Tensor.FromFloats(
        new Shape(Coefficients.Length, Degree + 1), [.. Coefficients.SelectMany(set => set).Select(c => (float)c)]);
}
