using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Polynomials. Powers multiply scales, so the input is truncated to few bits before; the result keeps the bits of the highest
/// power and those of an activation, and whatever reads it truncates.
/// </summary>
internal static class PolynomialEmission
{
    /// <summary>Bits of the highest power: 36 and an activation's 12 leave a result of 48.</summary>
    private const int PowerBits = 36;

    public static int Polynomial(EmissionContext context, int index, RealPolynomial step)
    {
        int input = NonLinearEmission.Truncate(context, step.Input, step.Name, Math.Min(context.ActivationBits, PowerBits / step.Degree));
        DraftValue inputValue = context.Draft.Values[input];
        double inputScale = inputValue.Scale.Value;
        int powerBits = step.Degree * (ScaleSelection.Magnitude(inputValue.Range.Hull) + inputValue.Scale.Magnitude);
        FixedScale scale = FixedScale.PowerOfTwo(ScaleSelection.ActivationExponent(context.RangeOf(index).Hull, Math.Max(powerBits, 0) + context.ActivationBits));
        long[] coefficients = [.. step.Coefficients.Select((c, i) => FixedPointEncoding.ToInteger(c, scale.Value / Math.Pow(inputScale, i % (step.Degree + 1))))];
        double[] error = Error(step, coefficients, inputValue, scale, context.RangeOf(index).Map);
        return context.Draft.Add(context.Define(index, scale, error), (_, output) => new PolynomialStep
        {
            Name = step.Name,
            Output = output,
            Input = input,
            Degree = step.Degree,
            Inner = step.Channels.Inner,
            Coefficients = [.. coefficients],
        });
    }

    /// <summary>
    /// p̂(x̂) − p(x) = (p̂ − p)(x̂) + (p(x̂) − p(x)), so |error| ≤ Σ|ĉ_k − c_k|·max|x̂|^k + max|p'|·error(x).
    /// </summary>
    private static double[] Error(RealPolynomial step, long[] coefficients, DraftValue input, FixedScale scale, ChannelMap map)
    {
        double[] inputError = input.ErrorUnder(map);
        Interval[] range = input.Range.Under(map, input.Shape.Count);
        double[] error = new double[map.Channels];
        for (int c = 0; c < error.Length; c++)
        {
            int channel = step.CoefficientsOf(map, c);
            ReadOnlySpan<double> exact = step.Of(channel);
            Interval reached = new(range[c].Minimum - inputError[c], range[c].Maximum + inputError[c]);
            error[c] = PolynomialBounds.Slope(exact, reached) * inputError[c];
            for (int k = 0; k <= step.Degree; k++)
            {
                double quantized = coefficients[(channel * (step.Degree + 1)) + k] * Math.Pow(input.Scale.Value, k) / scale.Value;
                error[c] += Math.Abs(quantized - exact[k]) * Math.Pow(reached.Magnitude, k);
            }
        }

        return error;
    }
}
