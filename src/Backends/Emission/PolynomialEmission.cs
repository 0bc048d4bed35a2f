using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Polynomials. Powers multiply scales (PILLAR/ESPN, section 4.4, scales powers down one by one; here the input keeps few bits and
/// powers stay exact), so the input is truncated to few bits before; the untruncated result keeps the bits of the highest power and
/// those of an activation, so that rounding a coefficient costs half a unit of an activation at most. With faithful truncation the
/// polynomial's own round drops both, otherwise whatever reads the result truncates it.
/// </summary>
internal static class PolynomialEmission
{
    /// <summary>Bits of the highest power up to degree 4: 36 and an activation's 12 leave a result of 48.</summary>
    private const int PowerBits = 36;

    /// <summary>
    /// Bits of the highest power and of an activation above degree 4, where 36 bits would leave the input fewer than eight: of 64,
    /// one is the sign's, one is left unused by the division, and one is for errors.
    /// </summary>
    private const int HighResultBits = 61;

    private const int HighDegree = 5;

    public static int Polynomial(EmissionContext context, int index, RealPolynomial step)
    {
        bool faithful = context.Truncation == Truncation.Faithful;
        int powerBits = faithful && step.Degree >= HighDegree ? HighResultBits - context.ActivationBits : PowerBits, bits = Math.Min(context.ActivationBits, powerBits / step.Degree);
        int input = faithful ? context.ValueOf(step.Input) : NonLinearEmission.Truncate(context, step.Input, step.Name, bits);
        DraftValue inputValue = context.Draft.Values[input];
        int inputShift = faithful ? Shift(inputValue, bits) : 0;
        DraftValue divided = Divided(inputValue, inputShift);
        int reached = Math.Max(0, step.Degree * (ScaleSelection.Magnitude(divided.Range.Hull) + divided.Scale.Magnitude));
        FixedScale scale = FixedScale.PowerOfTwo(ScaleSelection.ActivationExponent(context.RangeOf(index).Hull, reached + context.ActivationBits));
        long[] coefficients = [.. step.Coefficients.Select((c, i) => FixedPointEncoding.ToInteger(c, scale.Value / Math.Pow(divided.Scale.Value, i % (step.Degree + 1))))];
        double[] error = Error(step, coefficients, divided, scale, context.RangeOf(index).Map);
        int outputShift = faithful ? reached : 0;
        FixedScale outputScale = scale.Shift(-outputShift);
        Spare(inputValue, inputShift, dropped: 0);
        DraftValue output = context.Define(index, outputScale, [.. error.Select(e => e + (outputShift == 0 ? 0 : 1 / outputScale.Value))]);
        Spare(output, outputShift, outputShift);
        return context.Draft.Add(output, (_, value) => new PolynomialStep
        {
            Name = step.Name,
            Output = value,
            Input = input,
            Degree = step.Degree,
            Inner = step.Channels.Inner,
            Coefficients = [.. coefficients],
            InputShift = inputShift,
            OutputShift = outputShift,
        });
    }

    /// <summary>A plan's value with so many bits of magnitude at most, by a polynomial that only divides.</summary>
    public static int Rescale(EmissionContext context, int value, string name, int bits)
    {
        DraftValue input = context.Draft.Values[value];
        int shift = Shift(input, bits);
        DraftValue divided = Divided(input, shift);
        Spare(input, shift, dropped: 0);
        return context.Draft.Add(divided, (_, output) => new PolynomialStep
        {
            Name = name,
            Output = output,
            Input = value,
            Degree = 1,
            Inner = divided.Shape.Count,
            Coefficients = [0, 1],
            InputShift = shift,
        });
    }

    private static int Shift(DraftValue value, int bits) => Math.Min(ScaleSelection.Excess(value.Scale, value.Range.Hull, bits), value.Bits() - 1);

    private static DraftValue Divided(DraftValue value, int shift) => shift == 0
        ? value
        : new(value.Name + ".truncated", value.Shape, value.Scale.Shift(-shift), value.Range, [.. value.Error.Select(e => e + Math.ScaleB(1 / value.Scale.Value, shift))]);

    private static void Spare(DraftValue value, int shift, int dropped)
        => value.SpareBits = shift == 0 ? value.SpareBits : Math.Max(value.SpareBits, dropped + 1);

    /// <summary>
    /// p̂(x̂) − p(x) = (p̂ − p)(x̂) + (p(x̂) − p(x)), so |error| ≤ Σ|ĉ_k − c_k|·max|x̂|^k + max|p'|·error(x). On a calibrated range x̂ is
    /// taken to lie within it widened by its magnitude, as bits are (<see cref="DraftValue.Bits"/>); without that, bounds would grow
    /// with the power at every layer until they are no numbers.
    /// </summary>
    private static double[] Error(RealPolynomial step, long[] coefficients, DraftValue input, FixedScale scale, ChannelMap map)
    {
        double cap = input.Range.IsCalibrated ? 3 * input.Range.Hull.Magnitude : double.PositiveInfinity;
        double[] inputError = [.. input.ErrorUnder(map).Select(e => Math.Min(e, cap))];
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
