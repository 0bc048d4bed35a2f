using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Emission;

/// <summary>Chooses the ring and makes the plan and its weights from a draft.</summary>
internal static class PlanAssembly
{
    private const int MaxRingBits = 64;

    /// <exception cref="RingOverflowException">A value needs more than 64 bits.</exception>
    public static (ExecutionPlan Plan, ModelWeights Weights) Assemble(DraftProgram draft, string name, CompileOptions options)
    {
        foreach (DraftValue value in draft.Values)
        {
            if (value.Bits() + value.SpareBits is > MaxRingBits and int bits)
                throw new RingOverflowException(value.Name, bits);
        }

        ImmutableArray<PlanValue> values = [.. draft.Values.Select((v, i) => v.ToPlanValue(isInput: i == 0, unit: 1))];
        int ringBits = draft.NeedsLargestRing ? 64 : Math.Max(2, values.Zip(draft.Values, (v, d) => v.Bits + d.SpareBits).Max());
        ImmutableArray<PlanStep> steps = [.. draft.Resolve(new PlanResolution(values, ringBits, options.SelectRlwe))];
        if (Backend.Find(options.Backend).ChoosesMethods && ringBits < MaxRingBits && steps.Any(s => ComparesAllBits(s, ringBits)))
            steps = [.. draft.Resolve(new PlanResolution(values, ++ringBits, options.SelectRlwe))];
        steps = BranchOrder.Sort(values.Length, steps);
        double[] units = Units(draft, steps);
        ModelWeights weights = new() { Tensors = [.. draft.Tensors.Select(t => t.ToWeightTensor())] };
        ExecutionPlan plan = new()
        {
            Name = name,
            Backend = Backend.Find(options.Backend).PlanName,
            RingBits = ringBits,
            Values = [.. draft.Values.Select((v, i) => v.ToPlanValue(isInput: i == 0, units[i]))],
            Steps = steps,
            WeightsDigest = WeightsSerializer.Digest(weights),
            Labels = options.Labels,
        };
        PlanVerifier.Require(plan, weights);
        return (plan, weights);
    }

    // Maxima and clips by oblivious transfer compare by the difference, which has a bit more.
    private static bool ComparesAllBits(PlanStep step, int ringBits)
        => step is NonLinearStep s && (s.Pool is not null || s.Activation == Activation.Clip) && s.InputBits == ringBits;

    /// <summary>
    /// The unit of each value: a quantised input's and output's scales are public, as the client needs them; what lies between
    /// layers counts in the model's integers.
    /// </summary>
    private static double[] Units(DraftProgram draft, ImmutableArray<PlanStep> steps)
    {
        UnitGroups groups = new(draft.Values.Count);
        foreach (PlanStep step in steps.Where(s => s is not (ConvolutionStep or RangeCheckStep or PolynomialStep { Degree: > 1 })))
        {
            foreach (int input in step.Inputs)
                groups.Join(step.Output, input);
        }

        int first = groups.Of(steps[0].Output), last = groups.Of(steps[^1].Output);
        return [.. draft.Values.Select((_, i) => groups.Of(i) == last ? draft.OutputUnit : groups.Of(i) == first ? draft.InputUnit : 1)];
    }
}
