using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Activations, max pools and truncations.</summary>
internal static class NonLinearEmission
{
    public static int NonLinear(EmissionContext context, int index, RealNonLinear step)
    {
        DraftValue input = context.DraftOf(step.Input);
        if (step.IsInteger)
            return IntegerEmission.Round(context, index, step);
        double[] error = step.Pool is { } pool ? input.ErrorUnder(RangeAnalysis.InputPlanes(pool)) : input.Error;
        if (step is { Activation: Activation.None, Pool: null } && ScaleSelection.Excess(input.Scale, context.RangeOf(index).Hull, context.ActivationBits) == 0)
            return context.ValueOf(step.Input);
        return Emit(context, step, context.ValueOf(step.Input), context.ActivationBits, (scale, truncation) =>
        {
            double clipping = step.Activation == Activation.Clip ? 0.5 / scale.Value : 0;
            double width = step.Upper - step.Lower + (1 / scale.Value);
            return context.Define(index, scale, [.. error.Select(e => Math.Min(e + truncation + clipping, width))]);
        });
    }

    /// <summary>
    /// The value that a linear step reads: the program step's own, or a truncation of it where products have left a scale that
    /// would multiply up once more.
    /// </summary>
    public static int TruncateForLinear(EmissionContext context, int step, string reader)
    {
        DraftValue draft = context.DraftOf(step);
        if (ScaleSelection.Excess(draft.Scale, draft.Range.Hull, context.ActivationBits) <= context.Policy.ExcessBits)
            return context.ValueOf(step);
        if (context.Truncated.TryGetValue(step, out int known))
            return known;
        return context.Truncated[step] = Truncate(context, step, reader, context.ActivationBits);
    }

    /// <summary>A program step's value with so many bits of magnitude at most; itself where it has no more.</summary>
    public static int Truncate(EmissionContext context, int step, string reader, int bits)
    {
        DraftValue draft = context.DraftOf(step);
        if (ScaleSelection.Excess(draft.Scale, draft.Range.Hull, bits) == 0)
            return context.ValueOf(step);
        if (context.Truncation == Truncation.Faithful)
            return DivisionEmission.Faithful(context, context.ValueOf(step), reader + ".truncate", bits);
        if (context.Truncation == Truncation.Local)
            return DivisionEmission.Local(context, context.ValueOf(step), reader + ".truncate", bits);
        RealNonLinear truncation = new()
        {
            Name = reader + ".truncate",
            Shape = draft.Shape,
            Source = context.Program.Steps[step].Source,
            Input = step,
            Activation = Activation.None,
        };
        return Emit(context, truncation, context.ValueOf(step), bits, (scale, error)
            => new DraftValue(draft.Name + ".truncated", draft.Shape, scale, draft.Range, [.. draft.Error.Select(e => e + error)]));
    }

    /// <param name="context">The plan so far.</param>
    /// <param name="step">What to compute.</param>
    /// <param name="input">The plan's value that the step reads.</param>
    /// <param name="bits">Bits of magnitude that the output keeps.</param>
    /// <param name="define">Makes the output value from its scale and the truncation's error.</param>
    private static int Emit(EmissionContext context, RealNonLinear step, int input, int bits, Func<FixedScale, double, DraftValue> define)
    {
        DraftValue inputValue = context.Draft.Values[input];
        FixedScale inputScale = inputValue.Scale;

        // The output's range decides the scale; defining it at the input's scale shows the range.
        int excess = ScaleSelection.Excess(inputScale, define(inputScale, 0).Range.Hull, bits);
        int shift = Math.Min(excess, inputValue.Bits() - 1);
        FixedScale scale = inputScale.Shift(-shift);
        bool rounds = shift > 0 && context.Rounding.TryAdd(step.Input, 1L << (shift - 1));
        double truncation = (shift, rounds) switch { (0, _) => 0, (_, true) => 0.5, (_, false) => 1 } / scale.Value;
        DraftValue value = define(scale, truncation);
        return context.Draft.Add(value, (resolution, output) =>
        {
            long limit = 1L << (resolution.Values[output].Bits - 1);
            return new NonLinearStep
            {
                Name = step.Name,
                Output = output,
                Input = input,
                InputBits = resolution.Values[input].Bits,
                Shift = shift,
                Activation = step.Activation,
                Lower = step.Activation == Activation.Clip ? Bound(step.Lower, scale, limit) : 0,
                Upper = step.Activation == Activation.Clip ? Bound(step.Upper, scale, limit) : 0,
                Pool = step.Pool,
            };
        });
    }

    /// <summary>A bound as an integer; one that the analysed range never reaches, or an infinite one, is the end of the bits.</summary>
    internal static long Bound(double bound, FixedScale scale, long limit)
        => (long)Math.Clamp(Math.Round(bound * scale.Value), -limit, limit - 1);
}
