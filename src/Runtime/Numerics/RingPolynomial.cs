using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Numerics;

/// <summary>A polynomial step's coefficients on words modulo 2^64, which every ring's arithmetic is a part of.</summary>
internal sealed class RingPolynomial(PolynomialStep step)
{
    private readonly ulong[] _coefficients = [.. step.Coefficients.Select(a => unchecked((ulong)a))];

    public int Degree { get; } = step.Degree;

    /// <summary>Coefficients, ascending, of an element.</summary>
    public ReadOnlySpan<ulong> Of(int element) => _coefficients.AsSpan(element / step.Inner % step.Channels * (Degree + 1), Degree + 1);

    /// <summary>output_i = p(input_i) modulo 2^64; the spans may be the same.</summary>
    public void Evaluate(ReadOnlySpan<ulong> input, Span<ulong> output)
    {
        for (int i = 0; i < input.Length; i++)
        {
            ReadOnlySpan<ulong> coefficients = Of(i);
            ulong sum = 0;
            for (int k = Degree; k >= 0; k--)
                sum = (sum * input[i]) + coefficients[k];
            output[i] = sum;
        }
    }

    /// <summary>The coefficients of p(u + δ) in powers of u for an element (Taylor shift by repeated Horner steps).</summary>
    public void Shift(int element, ulong delta, Span<ulong> shifted)
    {
        Of(element).CopyTo(shifted);
        for (int first = 0; first < Degree; first++)
        {
            for (int k = Degree - 1; k >= first; k--)
                shifted[k] += delta * shifted[k + 1];
        }
    }
}
