using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The steps that are linear with public coefficients, and local truncation. Each party applies them to its own share without a message, and the
/// clear interpreter, but for truncation, to the value itself.
/// </summary>
internal static class LocalSteps
{
    public static bool IsLocal(PlanStep step) => step
        is SumPoolStep or AddStep or AddConstantStep or ConcatStep or PadStep or SliceStep or TransposeStep or ReshapeStep or TruncateStep;

    /// <param name="plan">A verified plan.</param>
    /// <param name="step">A local step.</param>
    /// <param name="values">The party's share of each value so far.</param>
    /// <param name="constants">
    /// The weight tensors, for the party that adds constants to its share (the server, or the interpreter); null for the
    /// party that leaves its share as it is.
    /// </param>
    /// <param name="output">Receives the share of the step's output.</param>
    public static void Execute(
        ExecutionPlan plan, PlanStep step, ReadOnlySpan<ulong[]?> values, ulong[][]? constants, ulong[] output)
    {
        Ring ring = new(plan.RingBits);
        switch (step)
        {
            case SumPoolStep s:
                RingPooling.Sum(s.Pool, s.Multipliers, values[s.Input], output);
                break;
            case AddStep { Subtract: false } s:
                ring.AddShifted(values[s.Left], s.LeftShift, values[s.Right], s.RightShift, output);
                break;
            case AddStep s:
                ring.SubtractShifted(values[s.Left], s.LeftShift, values[s.Right], s.RightShift, output);
                break;
            case AddConstantStep s when constants is not null:
                ring.Add(values[s.Input], constants[s.Constant], output);
                break;
            case ConcatStep s:
                Concatenate(plan, s, values, output);
                break;
            case PadStep s:
                ulong padding = constants is null ? 0 : ring.FromSigned(s.Value);
                RingLayout.Pad(Shape(plan, s.Input), s.Pads.AsSpan(), Shape(plan, s.Output), padding, values[s.Input], output);
                break;
            case SliceStep s:
                RingLayout.Slice(Shape(plan, s.Input), s.Starts.AsSpan(), s.Steps.AsSpan(), Shape(plan, s.Output), values[s.Input], output);
                break;
            case TransposeStep s:
                RingLayout.Transpose(Shape(plan, s.Input), s.Permutation.AsSpan(), values[s.Input], output);
                break;
            case TruncateStep s:
                Truncate(new SharedShift(ring.Bits, s.Shift, ring.Bits), isServer: constants is not null, values[s.Input], output);
                break;
            case AddConstantStep or ReshapeStep:
                values[step.Inputs[0]].CopyTo(output);
                break;
            default:
                throw new ArgumentException($"'{step.Kind}' is not a local step.", nameof(step));
        }

        ring.Reduce(output);
    }

    private static void Truncate(SharedShift shift, bool isServer, ReadOnlySpan<ulong> share, Span<ulong> output)
    {
        for (int i = 0; i < output.Length; i++)
            output[i] = isServer ? shift.LocalCeiling(share[i]) : shift.Floor<ulong, ulong>(share[i]);
    }

    private static void Concatenate(ExecutionPlan plan, ConcatStep step, ReadOnlySpan<ulong[]?> values, ulong[] output)
    {
        int start = 0;
        foreach ((int operand, int shift) in step.Operands.Zip(step.Shifts))
            start = RingLayout.ConcatOperand(Shape(plan, operand), step.Axis, start, shift, Shape(plan, step.Output), values[operand], output);
    }

    private static ReadOnlySpan<int> Shape(ExecutionPlan plan, int value) => plan.Values[value].Shape.AsSpan();
}
