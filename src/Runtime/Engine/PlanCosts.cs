using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// Predicts what a plan costs: every message of a first inference on a new connection, exactly, and the work, material and
/// memory of each party.
/// </summary>
public static class PlanCosts
{
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport Report(ExecutionPlan plan)
    {
        PlanVerifier.Require(plan);
        return Report(new TwoPartyProgram(plan));
    }

    /// <summary>As <see cref="Report(ExecutionPlan)"/>, with the time that it takes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="host">The machine of both parties, one each.</param>
    /// <param name="network">The network between them.</param>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport Report(ExecutionPlan plan, HostProfile host, NetworkProfile network)
    {
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        return Report(program) with { Time = TimeModel.Predict(program, host, network) };
    }

    /// <summary>Predicted times over several networks, in their order.</summary>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static ImmutableArray<TimeReport> Times(ExecutionPlan plan, HostProfile host, IEnumerable<NetworkProfile> networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        return [.. networks.Select(n => TimeModel.Predict(program, host, n))];
    }

    private static CostReport Report(TwoPartyProgram program)
    {
        SessionCosts costs = program.Costs;
        CostReport traffic = CostReport.Create(program.Plan, [.. costs.Setup, .. costs.Offline, .. costs.Online], step => Protocol(program.Plan, step));
        CostEvent[] events = [.. costs.SetupEvents, .. costs.OfflineEvents, .. costs.OnlineEvents];
        ILookup<int, CostEvent> ofStep = events.ToLookup(e => e.StepIndex);
        ImmutableArray<StepCost> steps =
        [
            .. traffic.Steps.Select((step, i) => step with
            {
                Work = StepWork.Of(ofStep[i + PlannedMessage.Session]),
                Storage = PlanStorage.Of(program, i + PlannedMessage.Session),
            }),
        ];
        return traffic with
        {
            Steps = steps,
            Work = StepWork.Of(events),
            Storage = steps.Select(s => s.Storage!).Aggregate(PartyBytes.Add),
            PeakMemory = PlanStorage.Peak(program),
        };
    }

    private static string Protocol(ExecutionPlan plan, int step) => step == PlannedMessage.Session ? "keys+base-ot" : plan.Steps[step] switch
    {
        InputStep or OutputStep => "share",
        ConvolutionStep => "rlwe",
        NonLinearStep => "gc",
        SharedSignStep => "gc+ot",
        PolynomialStep => "powers",
        _ => "local",
    };
}
