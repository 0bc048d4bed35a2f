using System.Collections.Immutable;
using PrivateInference.Backends.Analysis;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Backends.Lowering;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Homomorphic;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Emission;

/// <summary>
/// Emits a program. A product with shared sign decisions keeps the scale of what it decides about, and values joined with
/// activations may have any; when to truncate those depends on everything around it: a truncation costs a circuit per element, an untruncated product widens decisions and
/// the ring of the whole plan. So each <see cref="TruncationPolicy"/> is emitted and the plan of the fewest predicted bytes,
/// offline and online together, taken; of equal ones the first.
/// </summary>
internal static class PlanChoice
{
    /// <exception cref="RingOverflowException">A value needs more than 64 bits under every policy.</exception>
    /// <exception cref="ProtocolOverrideException">Under every policy an override names no step, or asks for what a step cannot have.</exception>
    /// <exception cref="PowerMethodException">The way to have powers is none for some polynomial.</exception>
    public static (ExecutionPlan Plan, ModelWeights Weights) Emit(
        RealProgram program, ImmutableArray<ValueRange> ranges, int activationBits, int weightBits, string name, CompileOptions options)
    {
        Truncation truncation = options.Truncation ?? Backend.Find(options.Backend).DefaultTruncation;
        (ExecutionPlan Plan, ModelWeights Weights) Try(TruncationPolicy policy)
        {
            (ExecutionPlan plan, ModelWeights weights)
                = PlanAssembly.Assemble(FixedPointEmitter.Emit(program, ranges, activationBits, weightBits, policy, truncation, options.PowerRingBits, options.RangeCheckMargin), name, options);
            plan = PowerChoice.Choose(plan, options);
            return (Backend.Find(options.Backend).ChoosesMethods ? ProtocolChoice.Choose(plan, options.Network, options.Protocols) : plan, weights);
        }

        TruncationPolicy[] policies = [.. TruncationPolicy.AlternativesFor(program)];
        if (policies.Length == 1)
            return Try(policies[0]);
        Exception? failure = null;
        List<((ExecutionPlan Plan, ModelWeights Weights) Candidate, double Bytes)> candidates = [];
        foreach (TruncationPolicy policy in policies)
        {
            try
            {
                (ExecutionPlan Plan, ModelWeights Weights) candidate = Try(policy);
                candidates.Add((candidate, Bytes(candidate.Plan)));
            }
            catch (Exception e) when (e is RingOverflowException or NoiseBudgetException or ProtocolOverrideException)
            {
                failure ??= e;
            }
        }

        return candidates.Count > 0 ? candidates.MinBy(c => c.Bytes).Candidate : throw failure!;
    }

    /// <summary>Infinite where the RLWE parameters, which are the caller's choice, leave a layer no way to be executed.</summary>
    private static double Bytes(ExecutionPlan plan)
    {
        try
        {
            PhaseTotals total = PlanCosts.Report(plan).Total;
            return (double)total.Offline.TotalBytes + total.Online.TotalBytes;
        }
        catch (PlanFormatException)
        {
            return double.PositiveInfinity;
        }
    }
}
