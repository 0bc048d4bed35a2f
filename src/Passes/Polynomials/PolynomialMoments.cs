using PrivateInference.Passes.Numerics;

namespace PrivateInference.Passes.Polynomials;

/// <summary>
/// What least squares needs to know of points (x, y) to fit a polynomial y ≈ Σ c_k·x^k of some degree: the sums of x^k,
/// x^k·y and y².
/// </summary>
internal sealed class PolynomialMoments(int degree)
{
    /// <summary>Keeps the normal equations solvable where points coincide; the scale of x does not matter to it.</summary>
    private const double Ridge = 1e-12;

    private readonly double[] _powers = new double[(2 * degree) + 1];
    private readonly double[] _products = new double[degree + 1];
    private double _squares;

    public double Minimum { get; private set; } = double.PositiveInfinity;

    public double Maximum { get; private set; } = double.NegativeInfinity;

    /// <summary>The number of points, or what weights have made of it.</summary>
    public double Count => _powers[0];

    public void Add(double x, double y)
    {
        double power = 1;
        for (int k = 0; k < _powers.Length; k++, power *= x)
        {
            _powers[k] += power;
            if (k <= degree)
                _products[k] += power * y;
        }

        _squares += y * y;
        (Minimum, Maximum) = (Math.Min(Minimum, x), Math.Max(Maximum, x));
    }

    /// <summary>These points and others, which count with a weight.</summary>
    public PolynomialMoments Plus(PolynomialMoments other, double weight = 1)
    {
        PolynomialMoments sum = new(degree)
        {
            _squares = _squares + (weight * other._squares),
            Minimum = Math.Min(Minimum, other.Minimum),
            Maximum = Math.Max(Maximum, other.Maximum),
        };
        for (int k = 0; k < _powers.Length; k++)
            sum._powers[k] = _powers[k] + (weight * other._powers[k]);
        for (int k = 0; k <= degree; k++)
            sum._products[k] = _products[k] + (weight * other._products[k]);
        return sum;
    }

    /// <summary>The coefficients c_0 … c_degree with the least Σ (p(x) − y)².</summary>
    public double[] Fit() => LeastSquares.Solve(Gram(), _products);

    /// <summary>
    /// The integers c_0 … c_degree, |c_k| ≤ 2^(bits − 1), for which p = Σ c_k·x^k / 2^bits has the least Σ (p(x) − y)²:
    /// rounding the real coefficients would not give them, as the error of one can be made up by the others (Diaa et al.,
    /// "Fast and Private Inference of Deep Neural Networks by Co-designing Activation Functions", section 5.1).
    /// </summary>
    public int[] FitIntegers(int bits)
        => IntegerLeastSquares.Solve(Gram(), Array.ConvertAll(_products, p => p * (1L << bits)), 1 << (bits - 1));

    /// <summary>√(Σ (p(x) − y)² / n)</summary>
    public double RootMeanSquareError(ReadOnlySpan<double> coefficients)
    {
        double error = _squares;
        for (int i = 0; i <= degree; i++)
        {
            error -= 2 * coefficients[i] * _products[i];
            for (int j = 0; j <= degree; j++)
                error += coefficients[i] * coefficients[j] * _powers[i + j];
        }

        return Math.Sqrt(Math.Max(0, error) / Math.Max(1, Count));
    }

    private double[,] Gram()
    {
        double[,] gram = new double[degree + 1, degree + 1];
        for (int i = 0; i <= degree; i++)
        {
            for (int j = 0; j <= degree; j++)
                gram[i, j] = _powers[i + j];
            gram[i, i] += (Ridge * gram[i, i]) + double.Epsilon;
        }

        return gram;
    }
}
