using System.Collections.Immutable;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan.Verification;

/// <summary>One step against the values it reads and defines.</summary>
internal static class StepVerifier
{
    public static void Require(ExecutionPlan plan, PlanStep step)
    {
        PlanValue output = plan.Values[step.Output];
        switch (step)
        {
            case InputStep:
                break;
            case ConvolutionStep s:
                GeometryVerifier.Require(s, plan.Values[s.Input], output);
                RlweVerifier.Require(s);
                break;
            case NonLinearStep s:
                Require(s, plan.Values[s.Input], output, plan.RingBits);
                break;
            case SharedSignStep s:
                Require(s, plan, output);
                break;
            case PolynomialStep s:
                Require(s, plan, output);
                break;
            case RangeCheckStep s:
                Require(s, plan, output);
                break;
            case TruncateStep s:
                Require(s, plan.Values[s.Input], output, plan.RingBits);
                break;
            case SumPoolStep s:
                GeometryVerifier.Require(s, s.Pool, plan.Values[s.Input], output, needsElements: false);
                int positions = s.Pool.OutputHeight * s.Pool.OutputWidth;
                Check.That(s.Multipliers.IsEmpty || s.Multipliers.Length == positions, $"Step '{s.Name}' has {s.Multipliers.Length} multipliers for {positions} positions.");
                break;
            case AddStep s:
                RequireScale(s, plan.Values[s.Left], s.LeftShift, output, plan.RingBits);
                RequireScale(s, plan.Values[s.Right], s.RightShift, output, plan.RingBits);
                RequireShape(s, Check.SameShape(plan.Values[s.Left], output) && Check.SameShape(plan.Values[s.Right], output));
                break;
            case AddConstantStep s:
                RequireSame(s, plan.Values[s.Input], output);
                break;
            case ConcatStep s:
                Require(s, plan, output);
                break;
            case PadStep s:
                Require(s, plan.Values[s.Input], output);
                break;
            case SliceStep s:
                Require(s, plan.Values[s.Input], output);
                break;
            case TransposeStep s:
                Require(s, plan.Values[s.Input], output);
                break;
            case ReshapeStep s:
                RequireScale(s, plan.Values[s.Input], 0, output, plan.RingBits);
                RequireShape(s, plan.Values[s.Input].Count == output.Count);
                break;
            case OutputStep s:
                RequireSame(s, plan.Values[s.Input], output);
                RequireAxis(s, s.Axis, s.Function == OutputFunction.None ? 1 : output.Shape.Length);
                Check.That(plan.Steps[^2] is not RangeCheckStep check || check.Output != s.Input, $"Step '{s.Name}' reads the range check, which the client opens alone.");
                break;
            default:
                throw new PlanFormatException($"The plan is not valid: step '{step.Name}' is of an unknown kind.");
        }
    }

    private static void Require(NonLinearStep step, PlanValue input, PlanValue output, int ringBits)
    {
        Check.That(step.InputBits >= input.Bits && step.InputBits <= ringBits, $"Step '{step.Name}' reads {step.InputBits} bits of a value of {input.Bits} in a ring of {ringBits}.");
        Check.That(step.Shift >= 0 && step.Shift < step.InputBits, $"Step '{step.Name}' shifts {step.InputBits} bits by {step.Shift}.");
        Check.That(output.Scale == input.Scale / Math.ScaleB(1, step.Shift), $"Step '{step.Name}' gives a scale of {output.Scale} from {input.Scale} by a shift of {step.Shift}.");
        if (step.Activation == Activation.Clip)
        {
            double limit = Math.ScaleB(1, output.Bits - 1);
            Check.That(step.Lower <= step.Upper && step.Lower >= -limit && step.Upper < limit, $"Step '{step.Name}' clips to {step.Lower} to {step.Upper}.");
        }

        if (step.Method == NonLinearMethod.ObliviousTransfer)
        {
            Check.That(step.Supports(step.Method, ringBits), $"Step '{step.Name}' ({step.Kind}) cannot be computed by oblivious transfer.");
            Check.That(((step.Pool?.WindowSize ?? 1L) + 1) * output.Count * ringBits <= int.MaxValue, $"Step '{step.Name}' has {output.Count} elements, more than a message holds.");
        }

        if (step.Pool is { } pool)
            GeometryVerifier.Require(step, pool, input, output, needsElements: true);
        else
            RequireShape(step, Check.SameShape(input, output));
    }

    private static void Require(TruncateStep step, PlanValue input, PlanValue output, int ringBits)
    {
        Check.That(step.Shift > 0 && step.Shift < ringBits, $"Step '{step.Name}' shifts by {step.Shift} in a ring of {ringBits} bits.");
        Check.That(output.Scale == input.Scale / Math.ScaleB(1, step.Shift), $"Step '{step.Name}' gives a scale of {output.Scale} from {input.Scale} by a shift of {step.Shift}.");
        RequireShape(step, Check.SameShape(input, output));
    }

    private static void Require(SharedSignStep step, ExecutionPlan plan, PlanValue output)
    {
        PlanValue decision = plan.Values[step.Decision];
        RequireSame(step, plan.Values[step.Input], output);
        Check.That(step.DecisionBits >= decision.Bits && step.DecisionBits <= plan.RingBits, $"Step '{step.Name}' reads {step.DecisionBits} bits of a value of {decision.Bits} in a ring of {plan.RingBits}.");
        Check.That(step.Groups.Count == output.Count, $"Step '{step.Name}' maps {step.Groups.Count} elements of {output.Count} to decisions.");
        Check.That(step.Turned.IsEmpty || step.Turned.Length == PackedBits.ByteCount(output.Count), $"Step '{step.Name}' turns decisions of {8L * step.Turned.Length} elements; it has {output.Count}.");
        int noiseBits = step.Noise?.Bits ?? 0;
        Check.That(step.Noise is null || (noiseBits is > 0 and <= DecisionNoise.MaxBits && step.Noise.Threshold > 0 && step.Noise.Threshold < 1 << noiseBits), $"Step '{step.Name}' has noise of probability {step.Noise?.Threshold}/2^{noiseBits}.");
        bool fits = ((long)decision.Count * step.DecisionBits) + ((long)output.Count * noiseBits) <= int.MaxValue && (long)output.Count * plan.RingBits <= int.MaxValue;
        Check.That(fits, $"Step '{step.Name}' has {decision.Count} decisions about {output.Count} elements, more than a message holds.");
        Check.That(step.Supports(step.Method), $"Step '{step.Name}' draws noise, which it cannot by oblivious transfer.");
        foreach (int group in step.Groups.Expand())
            Check.That((uint)group < (uint)decision.Count, $"Step '{step.Name}' maps an element to decision {group} of {decision.Count}.");
    }

    private static void Require(PolynomialStep step, ExecutionPlan plan, PlanValue output)
    {
        PlanValue input = plan.Values[step.Input];
        int least = (step.InputShift, step.OutputShift) == (0, 0) ? PolynomialStep.MinDegree : 1;
        Check.That(step.Degree >= least && step.Degree <= PolynomialStep.MaxDegree, $"Step '{step.Name}' has the degree {step.Degree}; {least} to {PolynomialStep.MaxDegree} are possible.");
        Check.That(step.RingBits is 0 or (>= 2 and <= PolynomialStep.MaxRingBits), $"Step '{step.Name}' has powers in a ring of {step.RingBits} bits; 2 to {PolynomialStep.MaxRingBits} are possible.");
        int ringBits = plan.RingBits, powerBits = step.PowerBits(plan);
        RequireShift(step, step.InputShift, input.Bits, ringBits, powerBits);
        RequireShift(step, step.OutputShift, (long)output.Bits + step.OutputShift, powerBits, ringBits);
        Check.That(step.Coefficients.Length > 0 && step.Coefficients.Length % (step.Degree + 1) == 0, $"Step '{step.Name}' has {step.Coefficients.Length} coefficients of polynomials of degree {step.Degree}.");
        Check.That(powerBits > Words.NarrowBits || step.Coefficients.All(c => c == unchecked((long)c)), $"Step '{step.Name}' has a coefficient of more than 64 bits for powers of {powerBits}.");
        Check.That(step.Inner >= 1 && input.Count % ((long)step.Inner * step.Channels) == 0, $"Step '{step.Name}' has {step.Channels} channels of {step.Inner} for {input.Count} elements.");
        Check.That((long)output.Count * Math.Max(ringBits, powerBits) <= int.MaxValue, $"Step '{step.Name}' has {output.Count} elements, more than a message holds.");
        RequireShape(step, Check.SameShape(input, output));
        Check.That(step.Supports(step.Method, plan), $"Step '{step.Name}' has its powers by a method ({step.Method}) that is none for it.");
    }

    private static void Require(RangeCheckStep step, ExecutionPlan plan, PlanValue output)
    {
        int bits = plan.RingBits - step.Shift;
        Check.That(step.Shift >= 0 && bits >= RangeCheckStep.MinBits, $"Step '{step.Name}' shifts by {step.Shift} in a ring of {plan.RingBits} bits.");
        Check.That(step.Checked.Length is > 0 and <= PlanLimits.Values && step.Lower.Length == step.Checked.Length && step.Upper.Length == step.Checked.Length, $"Step '{step.Name}' has {step.Lower.Length} lower and {step.Upper.Length} upper bounds for {step.Checked.Length} values.");
        Ring ring = new(bits);
        foreach ((long lower, long upper) in step.Lower.Zip(step.Upper))
        {
            bool fits = ring.ToSigned(ring.FromSigned(lower)) == lower && ring.ToSigned(ring.FromSigned(upper)) == upper;
            Check.That(fits && lower <= upper && (ulong)(upper - lower) < ring.Mask, $"Step '{step.Name}' checks for {lower} to {upper} among numbers of {bits} bits.");
        }

        long elements = step.Checked.Sum(v => (long)plan.Values[v].Count);
        Check.That(2 * (elements + 64) * bits <= int.MaxValue, $"Step '{step.Name}' checks {elements} elements, more than a message holds.");
        Check.That(output is { Count: 1, Scale: 1, Bits: >= 2 }, $"Step '{step.Name}' gives one bit.");
    }

    /// <summary>What is divided, from a ring into another that keeps more bits than are left, leaves a bit unused: −2^(m−2) ≤ x &lt; 2^(m−2).</summary>
    private static void RequireShift(PolynomialStep step, int shift, long bits, int from, int to)
    {
        Check.That(shift >= 0 && shift <= from - 2, $"Step '{step.Name}' divides by 2^{shift} in a ring of {from} bits.");
        Check.That(to <= from - shift || bits < from, $"Step '{step.Name}' divides a value of {bits} bits by 2^{shift} in a ring of {from} bits, which leaves none unused.");
    }

    private static void Require(ConcatStep step, ExecutionPlan plan, PlanValue output)
    {
        RequireAxis(step, step.Axis, output.Shape.Length);
        Check.That(step.Operands.Length is > 0 and <= PlanLimits.Values && step.Shifts.Length == step.Operands.Length, $"Step '{step.Name}' has {step.Operands.Length} operands and {step.Shifts.Length} shifts.");
        long length = 0;
        foreach ((int operand, int shift) in step.Operands.Zip(step.Shifts))
        {
            PlanValue value = plan.Values[operand];
            RequireScale(step, value, shift, output, plan.RingBits);
            RequireShape(step, value.Shape.Length == output.Shape.Length);
            RequireShape(step, value.Shape.SetItem(step.Axis, 1).AsSpan().SequenceEqual(output.Shape.SetItem(step.Axis, 1).AsSpan()));
            length += value.Shape[step.Axis];
        }

        RequireShape(step, length == output.Shape[step.Axis]);
    }

    private static void Require(PadStep step, PlanValue input, PlanValue output)
    {
        int rank = input.Shape.Length;
        RequireScale(step, input, 0, output, 64);
        RequireShape(step, output.Shape.Length == rank && step.Pads.Length == 2 * rank);
        for (int axis = 0; axis < rank; axis++)
        {
            (int begin, int end) = (step.Pads[axis], step.Pads[rank + axis]);
            RequireShape(step, begin >= 0 && end >= 0 && (long)begin + input.Shape[axis] + end == output.Shape[axis]);
        }

        double limit = Math.ScaleB(1, output.Bits - 1);
        Check.That(step.Value >= -limit && step.Value < limit, $"Step '{step.Name}' pads with {step.Value}, which does not fit {output.Bits} bits.");
    }

    private static void Require(SliceStep step, PlanValue input, PlanValue output)
    {
        int rank = input.Shape.Length;
        RequireScale(step, input, 0, output, 64);
        RequireShape(step, output.Shape.Length == rank && step.Starts.Length == rank && step.Steps.Length == rank);
        for (int axis = 0; axis < rank; axis++)
        {
            long last = step.Starts[axis] + ((output.Shape[axis] - 1L) * step.Steps[axis]);
            RequireShape(step, step.Starts[axis] >= 0 && step.Starts[axis] < input.Shape[axis] && last >= 0 && last < input.Shape[axis] && step.Steps[axis] != 0);
        }
    }

    private static void Require(TransposeStep step, PlanValue input, PlanValue output)
    {
        ImmutableArray<int> shape = input.Shape;
        RequireScale(step, input, 0, output, 64);
        RequireShape(step, step.Permutation.Order().SequenceEqual(Enumerable.Range(0, shape.Length)));
        RequireShape(step, step.Permutation.Select(axis => shape[axis]).SequenceEqual(output.Shape));
    }

    private static void RequireSame(PlanStep step, PlanValue input, PlanValue output)
    {
        RequireScale(step, input, 0, output, 64);
        RequireShape(step, Check.SameShape(input, output));
    }

    private static void RequireAxis(PlanStep step, int axis, int rank)
        => Check.That(axis >= 0 && axis < rank, $"Step '{step.Name}' has no axis {axis}.");

    private static void RequireScale(PlanStep step, PlanValue input, int shift, PlanValue output, int ringBits)
    {
        Check.That(shift >= 0 && shift < ringBits, $"Step '{step.Name}' shifts by {shift} in a ring of {ringBits} bits.");
        Check.That(Math.ScaleB(input.Scale, shift) == output.Scale, $"Step '{step.Name}' gives a scale of {output.Scale} from {input.Scale} shifted by {shift}.");
    }

    private static void RequireShape(PlanStep step, bool fits)
        => Check.That(fits, $"The shapes of step '{step.Name}' do not fit together.");
}
