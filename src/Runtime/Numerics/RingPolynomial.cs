using System.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Polynomials on words modulo 2^64 or 2^128, which the arithmetic of every ring up to there is a part of: one for all elements, or one a
/// channel.
/// </summary>
internal sealed class RingPolynomial<TWord>
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly TWord[] _coefficients;
    private readonly int _inner;
    private readonly int _channels;

    /// <summary>A step's polynomial, without its shifts.</summary>
    public RingPolynomial(PolynomialStep step)
        : this([.. step.Coefficients.Select(a => TWord.CreateTruncating(a))], step.Degree, step.Inner)
    {
    }

    private RingPolynomial(TWord[] coefficients, int degree, int inner)
    {
        _coefficients = coefficients;
        _inner = inner;
        Degree = degree;
        _channels = coefficients.Length / (degree + 1);
    }

    public int Degree { get; }

    /// <summary>Coefficients, ascending, of an element.</summary>
    public ReadOnlySpan<TWord> Of(int element) => _coefficients.AsSpan(element / _inner % _channels * (Degree + 1), Degree + 1);

    /// <summary>p(z) for an element.</summary>
    public TWord Evaluate(int element, TWord z)
    {
        ReadOnlySpan<TWord> coefficients = Of(element);
        TWord sum = TWord.Zero;
        for (int k = Degree; k >= 0; k--)
            sum = (sum * z) + coefficients[k];
        return sum;
    }

    /// <summary>The coefficients of p(u + δ) in powers of u for an element (Taylor shift by repeated Horner steps).</summary>
    public void Shift(int element, TWord delta, Span<TWord> shifted)
    {
        Of(element).CopyTo(shifted);
        for (int first = 0; first < Degree; first++)
        {
            for (int k = Degree - 1; k >= first; k--)
                shifted[k] += delta * shifted[k + 1];
        }
    }

    /// <summary>D(z) = p(z + h) − p(z), of one degree less; every coefficient is a multiple of h.</summary>
    public RingPolynomial<TWord> Difference(TWord h)
    {
        TWord[] coefficients = new TWord[_channels * Degree];
        Span<TWord> shifted = stackalloc TWord[Degree + 1];
        for (int channel = 0; channel < _channels; channel++)
        {
            Shift(channel * _inner, h, shifted);
            ReadOnlySpan<TWord> original = Of(channel * _inner);
            for (int k = 0; k < Degree; k++)
                coefficients[(channel * Degree) + k] = shifted[k] - original[k];
        }

        return new RingPolynomial<TWord>(coefficients, Degree - 1, _inner);
    }
}
