using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.IR.Analysis;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>A quantised model's rounding and saturation: one exact truncation to scale 1 with the integers' bounds.</summary>
internal static class IntegerEmission
{
    /// <exception cref="OverflowException">The input is coarser than integers.</exception>
    public static int Round(EmissionContext context, int index, RealNonLinear step)
    {
        DraftValue fine = context.DraftOf(step.Input);
        if (fine.Scale is not { Odd: 1, Exponent: >= 0 })
            throw new OverflowException("The value to round has a scale below 1.");
        int shift = fine.Scale.Exponent;
        int input = AddHalf(context, step, shift);
        DraftValue inputValue = context.Draft.Values[input];
        inputValue.MinimumBits = Math.Max(inputValue.MinimumBits, shift + 1);
        Interval[] rounded = Rounded(step, fine);
        Activation activation = Reachable(step, rounded);
        return context.Draft.Add(context.Define(index, FixedScale.PowerOfTwo(0), Excess(context.RangeOf(index), step, rounded), roundingError: 1), (resolution, output) =>
        {
            long limit = 1L << (resolution.Values[output].Bits - 1);
            return new NonLinearStep
            {
                Name = step.Name,
                Output = output,
                Input = input,
                InputBits = resolution.Values[input].Bits,
                Shift = shift,
                Activation = activation,
                Lower = activation == Activation.Clip ? NonLinearEmission.Bound(step.Bounds.Lower, FixedScale.PowerOfTwo(0), limit) : 0,
                Upper = activation == Activation.Clip ? NonLinearEmission.Bound(step.Bounds.Upper, FixedScale.PowerOfTwo(0), limit) : 0,
                Pool = step.Pool,
            };
        });
    }

    /// <summary>The value to floor: half a unit goes into a constant that is added anyway, or into one of its own.</summary>
    private static int AddHalf(EmissionContext context, RealNonLinear step, int shift)
    {
        int input = context.ValueOf(step.Input);
        if (shift == 0 || context.Rounding.TryAdd(step.Input, 1L << (shift - 1)))
            return input;
        DraftValue value = context.Draft.Values[input];
        long[] halves = new long[value.Shape.Count];
        Array.Fill(halves, 1L << (shift - 1));
        int tensor = context.Draft.Add(new DraftTensor(step.Name + ".half", value.Shape, halves));
        DraftValue rounded = new(value.Name + ".half", value.Shape, value.Scale, value.Range, value.Error) { Offset = value.Offset + halves[0] };
        return context.Draft.Add(rounded, (_, output) => new AddConstantStep { Name = step.Name + ".half", Output = output, Input = input, Constant = tensor });
    }

    /// <summary>Per channel of the result, what rounding gives before it saturates.</summary>
    private static Interval[] Rounded(RealNonLinear step, DraftValue input)
    {
        ChannelMap map = step.Pool is { } pool ? RangeAnalysis.InputPlanes(pool) : input.Range.Map;
        return [.. input.Range.Under(map, input.Shape.Count).Zip(input.ErrorUnder(map), (r, e) => RangeAnalysis.Round(new Interval(r.Minimum - e, r.Maximum + e)))];
    }

    /// <summary>The activation without the bounds that no integer reaches.</summary>
    private static Activation Reachable(RealNonLinear step, Interval[] rounded)
    {
        (double lower, double upper) = step.Bounds;
        return (rounded.Any(r => r.Minimum < lower), rounded.Any(r => r.Maximum > upper)) switch
        {
            (false, false) => Activation.None,
            (true, false) when lower == 0 => Activation.Relu,
            _ => Activation.Clip,
        };
    }

    /// <summary>Per channel, how far errors take an integer out of its analysed range.</summary>
    private static double[] Excess(ValueRange range, RealNonLinear step, Interval[] rounded)
        => [.. range.Channels.Zip(rounded, (r, i) => Math.Max(0, Math.Max(r.Minimum - i.Clamp(step.Bounds.Lower, step.Bounds.Upper).Minimum, i.Clamp(step.Bounds.Lower, step.Bounds.Upper).Maximum - r.Maximum)))];
}
