using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Output;

/// <summary>A plan as <c>inspect --json</c> shows it.</summary>
internal static class PlanSummary
{
    public static object Of(ExecutionPlan plan) => new
    {
        Plan = plan.Name,
        Hash = Convert.ToHexStringLower(plan.Hash.AsSpan()),
        WeightsDigest = Convert.ToHexStringLower(plan.WeightsDigest.AsSpan()),
        plan.Backend,
        plan.RingBits,
        Relus = plan.Steps.Sum(s => s.ReluCount(plan)),
        TruncationFailure = TruncationFailure.Of(plan),
        plan.Labels,
        Values = plan.Values.Select(v => new { v.Name, v.Shape, v.Scale, v.Bits, v.Minimum, v.Maximum, v.ErrorBound }),
        Steps = plan.Steps.Select(s => new
        {
            s.Name,
            s.Kind,
            Inputs = s.Inputs.Select(i => plan.Values[i].Name),
            Output = plan.Values[s.Output].Name,
            Relus = s.ReluCount(plan),
        }),
    };
}
