using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Polynomials. Powers multiply scales (PILLAR/ESPN, section 4.4, scales powers down one by one; here the input keeps few bits and
/// powers stay exact), so the input is truncated to few bits before; the untruncated result keeps the bits of the highest power and
/// those of an activation, so that rounding a coefficient costs half a unit of an activation at most. With faithful truncation the
/// polynomial's own round drops both, and only its own ring is as wide as they are; otherwise whatever reads the result truncates it, and the
/// plan's ring holds it.
/// </summary>
internal static class PolynomialEmission
{
    /// <summary>
    /// Bits of a ring that a result does not have before it is divided: one is the sign's, one is left unused by a faithful division,
    /// and one is for errors.
    /// </summary>
    private const int ReservedBits = 3;

    /// <summary>Less of the input is too little to tell apart.</summary>
    private const int MinInputBits = 4;

    /// <summary>Above degree 4, three times an activation's bits would leave the input's too few.</summary>
    private const int HighDegree = 5;

    public static int Polynomial(EmissionContext context, int index, RealPolynomial step)
    {
        bool faithful = context.Truncation == Truncation.Faithful;
        int bits = Math.Min(context.ActivationBits, PowerBits(context, step.Degree) / step.Degree);
        if (bits < Math.Min(MinInputBits, context.ActivationBits))
            throw Overflow(context, step, (step.Degree * MinInputBits) + context.ActivationBits + ReservedBits);
        int input = faithful ? context.ValueOf(step.Input) : NonLinearEmission.Truncate(context, step.Input, step.Name, bits);
        context.Check(input, step);
        DraftValue inputValue = context.Draft.Values[input];
        int inputShift = faithful ? DivisionEmission.Shift(inputValue, bits) : 0;
        DraftValue divided = DivisionEmission.Divided(inputValue, inputShift);
        int reached = Math.Max(0, step.Degree * (ScaleSelection.Magnitude(divided.Range.Hull) + divided.Scale.Magnitude));
        FixedScale scale = FixedScale.PowerOfTwo(ScaleSelection.ActivationExponent(context.RangeOf(index).Hull, reached + context.ActivationBits));
        Int128[] coefficients = [.. step.Coefficients.Select((c, i) => FixedPointEncoding.ToWideInteger(c, scale.Value / Math.Pow(divided.Scale.Value, i % (step.Degree + 1))))];
        if (!faithful && !coefficients.All(IsNarrow))
            throw new OverflowException($"A coefficient of '{step.Name}' has more than 64 bits.");
        double[] error = Error(step, coefficients, divided, scale, context.RangeOf(index).Map);
        int outputShift = faithful ? reached : 0;
        FixedScale outputScale = scale.Shift(-outputShift);
        DraftValue output = context.Define(index, outputScale, [.. error.Select(e => e + (outputShift == 0 ? 0 : 1 / outputScale.Value))]);
        if (faithful)
            DivisionEmission.Spare(inputValue);
        return context.Draft.Add(output, (resolution, value) => new PolynomialStep
        {
            Name = step.Name,
            Output = value,
            Input = input,
            RingBits = faithful ? RingBits(context, step, resolution, coefficients, value, outputShift) : 0,
            Degree = step.Degree,
            Inner = step.Channels.Inner,
            Coefficients = [.. coefficients],
            InputShift = inputShift,
            OutputShift = outputShift,
        });
    }

    /// <summary>
    /// The smallest ring of a polynomial's powers: it holds the result, and leaves a bit unused unless dividing it fills the plan's
    /// ring, which needs no wrap. 0 where that is the plan's.
    /// </summary>
    private static int RingBits(EmissionContext context, RealPolynomial step, PlanResolution resolution, Int128[] coefficients, int value, int outputShift)
    {
        int bits = outputShift + Math.Min(resolution.Values[value].Bits + 1, resolution.RingBits);
        if (!coefficients.All(IsNarrow))
            bits = Math.Max(bits, ExecutionPlan.RingLimit + 1);
        if (bits > context.PowerRingBits)
            throw Overflow(context, step, bits);
        return bits == resolution.RingBits ? 0 : bits;
    }

    private static bool IsNarrow(Int128 coefficient) => coefficient == unchecked((long)coefficient);

    private static RingOverflowException Overflow(EmissionContext context, RealPolynomial step, int bits)
        => new(step.Name, step.Degree, context.RangeOf(step.Input).Hull, context.ActivationBits, bits, context.PowerRingBits);

    /// <summary>
    /// Bits of the highest power. Faithful division takes what a ring of 64 bits has, or three times an activation's bits where that is less, as
    /// every bit is sent; in a larger ring the input keeps all bits of an activation, if they fit. Local truncation fails rarely only where few bits are used. Exact truncation makes circuits of them.
    /// </summary>
    private static int PowerBits(EmissionContext context, int degree) => context.Truncation switch
    {
        Truncation.Faithful => Math.Min(
            context.PowerRingBits - ReservedBits - context.ActivationBits,
            context.PowerRingBits > ExecutionPlan.RingLimit || degree >= HighDegree ? degree * context.ActivationBits : 3 * context.ActivationBits),
        Truncation.Local => 2 * context.ActivationBits,
        Truncation.Exact => 36,
        _ => throw new InvalidOperationException($"Unknown truncation {context.Truncation}."),
    };

    /// <summary>
    /// p̂(x̂) − p(x) = (p̂ − p)(x̂) + (p(x̂) − p(x)), so |error| ≤ Σ|ĉ_k − c_k|·max|x̂|^k + max|p'|·error(x). On a calibrated range x̂ is
    /// taken to lie within it widened by its magnitude, as bits are (<see cref="DraftValue.Bits"/>); without that, bounds would grow
    /// with the power at every layer until they are no numbers.
    /// </summary>
    private static double[] Error(RealPolynomial step, Int128[] coefficients, DraftValue input, FixedScale scale, ChannelMap map)
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
                double quantized = (double)coefficients[(channel * (step.Degree + 1)) + k] * Math.Pow(input.Scale.Value, k) / scale.Value;
                error[c] += Math.Abs(quantized - exact[k]) * Math.Pow(reached.Magnitude, k);
            }
        }

        return error;
    }
}
