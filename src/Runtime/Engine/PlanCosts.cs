using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Engine;

/// <summary>Predicts what a plan costs: every message of a first inference on a new connection, exactly.</summary>
public static class PlanCosts
{
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport Report(ExecutionPlan plan)
    {
        PlanVerifier.Require(plan);
        SessionCosts costs = new TwoPartyProgram(plan).Costs;
        return CostReport.Create(plan, [.. costs.Setup, .. costs.Offline, .. costs.Online], step => Protocol(plan, step));
    }

    private static string Protocol(ExecutionPlan plan, int step) => step == PlannedMessage.Session ? "keys+base-ot" : plan.Steps[step] switch
    {
        InputStep or OutputStep => "share",
        ConvolutionStep => "rlwe",
        NonLinearStep => "gc",
        SharedSignStep => "gc+ot",
        _ => "local",
    };
}
