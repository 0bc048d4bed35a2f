using System.Collections.Immutable;
using PrivateInference.Backends.Lowering.Steps;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Products with shared sign decisions, at the scale of what is decided about.</summary>
internal static class SharedSignEmission
{
    public static int SharedSign(EmissionContext context, int index, RealSharedSign step)
    {
        int input = context.ValueOf(step.Input), decision = context.ValueOf(step.Decision);
        DraftValue inputValue = context.DraftOf(step.Input);
        IndexMap groups = IndexMap.Of(step.Groups);
        ImmutableArray<byte> turned = step.Turned is { } t ? [.. PackedBits.Pack(Array.ConvertAll(t, i => (ulong)i), 1)] : [];
        return context.Draft.Add(
            context.Define(index, inputValue.Scale, inputValue.ErrorUnder(context.RangeOf(index).Map)),
            (resolution, output) => new SharedSignStep
            {
                Name = step.Name,
                Output = output,
                Input = input,
                Decision = decision,
                DecisionBits = resolution.Values[decision].Bits,
                Groups = groups,
                Turned = turned,
                Noise = step.Noise,
            });
    }

    /// <summary>
    /// Under a policy that truncates before decisions: replaces the value of a step that shared decisions are about, so that
    /// everything that reads it, what decides included, reads the truncated one. Flooring keeps every sign.
    /// </summary>
    public static void TruncateBefore(EmissionContext context, int index)
    {
        RealSharedSign? reader = context.Program.Steps.OfType<RealSharedSign>().FirstOrDefault(s => s.Input == index);
        if (context.Policy.BeforeDecisions && reader is not null)
            context.SetValue(index, NonLinearEmission.TruncateForLinear(context, index, reader.Name));
    }
}
