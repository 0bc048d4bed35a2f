using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;

namespace PrivateInference.Runtime.Engine;

/// <summary>
/// Predicts what a plan costs: every message of a first inference on a new connection, exactly, and the work, material and
/// memory of each party.
/// </summary>
public static class PlanCosts
{
    /// <param name="plan">The plan.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport Report(ExecutionPlan plan, bool withDealer = false)
    {
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        return Report(program, CostsOf(program, withDealer));
    }

    /// <summary>As <see cref="Report(ExecutionPlan, bool)"/>, with the time that it takes.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="host">The machine of both parties, one each.</param>
    /// <param name="network">The network between them.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport Report(ExecutionPlan plan, HostProfile host, NetworkProfile network, bool withDealer = false)
    {
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        SessionCosts costs = CostsOf(program, withDealer);
        return Report(program, costs) with { Time = TimeModel.Predict(program.Plan, costs, host, network) };
    }

    /// <summary>Predicted times over several networks, in their order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="host">The machine of both parties, one each.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="withDealer">Whether a dealer prepares linear steps and polynomials.</param>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static ImmutableArray<TimeReport> Times(ExecutionPlan plan, HostProfile host, IEnumerable<NetworkProfile> networks, bool withDealer = false)
    {
        ArgumentNullException.ThrowIfNull(networks);
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        SessionCosts costs = CostsOf(program, withDealer);
        return [.. networks.Select(n => TimeModel.Predict(plan, costs, host, n))];
    }

    /// <summary>
    /// As <see cref="Report(ExecutionPlan, bool)"/>, for a session that takes its material from stores: handshake, claiming, and the
    /// online phase, and the bytes on each party's disk.
    /// </summary>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static CostReport ReportFromStore(ExecutionPlan plan)
    {
        PlanVerifier.Require(plan);
        TwoPartyProgram program = new(plan);
        PlannedMessage[] messages = [.. program.Costs.Admission, .. StoreMessages.Opening, .. StoreMessages.Claiming, .. program.Costs.Online];
        return CostReport.Create(plan, messages, step => step == PlannedMessage.Session ? "store" : Protocol(plan, step, withDealer: false))
            with { Storage = Stored(program) };
    }

    /// <summary>Bytes on each party's disk of one inference that is prepared ahead and stored.</summary>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static PartyBytes Stored(ExecutionPlan plan)
    {
        PlanVerifier.Require(plan);
        return Stored(new TwoPartyProgram(plan));
    }

    private static PartyBytes Stored(TwoPartyProgram program)
    {
        PartyBytes material = MaterialSize.Of(program);
        return new PartyBytes { ClientBytes = ItemHeader.FileBytes(material.ClientBytes), ServerBytes = ItemHeader.FileBytes(material.ServerBytes) };
    }

    private static SessionCosts CostsOf(TwoPartyProgram program, bool withDealer) => withDealer ? new DealtProgram(program).Costs : program.Costs;

    private static CostReport Report(TwoPartyProgram program, SessionCosts costs)
    {
        CostEvent[] events = [.. costs.SetupEvents, .. costs.OfflineEvents, .. costs.OnlineEvents];
        IEnumerable<PlannedMessage> messages = events.OfType<MessageTransfer>().Select(m => m.Message);
        CostReport traffic = CostReport.Create(program.Plan, messages, step => Protocol(program.Plan, step, costs.HasDealer));
        ILookup<int, CostEvent> ofStep = events.ToLookup(e => e.StepIndex);
        ImmutableArray<StepCost> steps =
        [
            .. traffic.Steps.Select((step, i) => step with
            {
                Work = StepWork.Of(ofStep[i + PlannedMessage.Session]),
                Storage = PlanStorage.Of(program, i + PlannedMessage.Session, costs.HasDealer),
            }),
        ];
        return traffic with
        {
            Steps = steps,
            Work = StepWork.Of(events),
            Storage = steps.Select(s => s.Storage!).Aggregate(PartyBytes.Add),
            PeakMemory = PlanStorage.Peak(program, costs.HasDealer),
        };
    }

    private static string Protocol(ExecutionPlan plan, int step, bool withDealer) => step == PlannedMessage.Session ? "keys+base-ot" : plan.Steps[step] switch
    {
        InputStep or OutputStep => "share",
        ConvolutionStep => withDealer ? "dealer" : "rlwe",
        NonLinearStep { Method: NonLinearMethod.ObliviousTransfer } => "ot",
        NonLinearStep => "gc",
        SharedSignStep { Method: NonLinearMethod.ObliviousTransfer } => "ot",
        SharedSignStep => "gc+ot",
        RangeCheckStep => "ot",
        PolynomialStep when withDealer => "dealer+powers",
        PolynomialStep { Method: PowerMethod.Binomial } => "binomial-powers",
        PolynomialStep { Method: PowerMethod.Beaver } => "beaver-powers",
        PolynomialStep => "powers",
        _ => "local",
    };
}
