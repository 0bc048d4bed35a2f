using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>Chooses the ring and makes the plan and its weights from a draft.</summary>
internal static class PlanAssembly
{
    /// <exception cref="RingOverflowException">A value needs more than 64 bits.</exception>
    public static (ExecutionPlan Plan, ModelWeights Weights) Assemble(DraftProgram draft, string name, CompileOptions options)
    {
        foreach (DraftValue value in draft.Values)
        {
            if (value.Bits() is > 64 and int bits)
                throw new RingOverflowException(value.Name, bits);
        }

        ImmutableArray<PlanValue> values = [.. draft.Values.Select((v, i) => v.ToPlanValue(isInput: i == 0))];
        int ringBits = Math.Max(2, values.Max(v => v.Bits));
        ModelWeights weights = new() { Tensors = [.. draft.Tensors.Select(t => t.ToWeightTensor())] };
        ExecutionPlan plan = new()
        {
            Name = name,
            Backend = Backend.Find(options.Backend).PlanName,
            RingBits = ringBits,
            Values = values,
            Steps = [.. draft.Resolve(new PlanResolution(values, ringBits, options.SelectRlwe))],
            WeightsDigest = WeightsSerializer.Digest(weights),
            Labels = options.Labels,
        };
        PlanVerifier.Require(plan, weights);
        return (plan, weights);
    }
}
