using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering;
using PrivateInference.Backends.Lowering.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Writes the plan's steps: chooses scales, quantises weights, places truncations, and carries the error bound along.
/// </summary>
internal static class FixedPointEmitter
{
    /// <exception cref="RingOverflowException">A constant or a scale does not fit 64 bits.</exception>
    public static DraftProgram Emit(
        RealProgram program, ImmutableArray<ValueRange> ranges, int activationBits, int weightBits, TruncationPolicy policy, Truncation truncation, int powerRingBits = 64, double? rangeMargin = null)
    {
        EmissionContext context = new(program, ranges, activationBits, weightBits, policy, truncation, powerRingBits) { RangeCheck = rangeMargin is { } margin ? new RangeCheckEmission(margin) : null };
        for (int i = 0; i < program.Steps.Length; i++)
        {
            try
            {
                if (program.Steps[i] is RealOutput)
                    context.RangeCheck?.Append(context.Draft);
                context.SetValue(i, Emit(context, i, program.Steps[i]));
                SharedSignEmission.TruncateBefore(context, i);
            }
            catch (OverflowException e)
            {
                throw new RingOverflowException(program.Steps[i].Name, e);
            }
        }

        return context.Draft;
    }

    private static int Emit(EmissionContext context, int index, RealStep step) => step switch
    {
        RealInput s => LocalEmission.Input(context, index, s),
        RealConvolution s => LinearEmission.Convolution(context, index, s),
        RealAddConstant s => LinearEmission.AddConstant(context, index, s),
        RealAdd s => LinearEmission.Add(context, index, s),
        RealAveragePool s => LinearEmission.AveragePool(context, index, s),
        RealNonLinear s => NonLinearEmission.NonLinear(context, index, s),
        RealSharedSign s => SharedSignEmission.SharedSign(context, index, s),
        RealPolynomial s => PolynomialEmission.Polynomial(context, index, s),
        RealConcat s => LocalEmission.Concat(context, index, s),
        RealPad s => LocalEmission.Pad(context, index, s),
        RealReshape or RealTranspose or RealSlice => LocalEmission.Move(context, index, step),
        RealOutput s => LocalEmission.Output(context, index, s),
        _ => throw new InvalidOperationException($"Unknown step {step.GetType().Name}."),
    };
}
