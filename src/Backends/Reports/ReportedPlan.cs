using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Reports;

/// <summary>A plan with what it costs.</summary>
public sealed record ReportedPlan
{
    /// <summary>What a comparison calls it.</summary>
    public required string Label { get; init; }

    public required ExecutionPlan Plan { get; init; }

    /// <summary>The cost report, without times.</summary>
    public required CostReport Cost { get; init; }

    /// <summary>Predicted times, in the order of <see cref="ReportSettings.Networks"/>.</summary>
    public required ImmutableArray<TimeReport> Times { get; init; }

    /// <summary>How good its predictions are; null where that was not measured.</summary>
    public ReportedAccuracy? Accuracy { get; init; }

    /// <summary>What one inference costs on a connection that exists: the totals less the setup's, offline and online.</summary>
    public PhaseTotals PerInference => new()
    {
        Offline = Cost.Steps.Skip(1).Select(s => s.Offline).Aggregate(new PhaseCost(), PhaseCost.Add),
        Online = Cost.Steps.Skip(1).Select(s => s.Online).Aggregate(new PhaseCost(), PhaseCost.Add),
    };

    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public static ReportedPlan Of(ExecutionPlan plan, ReportSettings settings, string? label = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(settings);
        return new ReportedPlan
        {
            Label = label ?? plan.Name,
            Plan = plan,
            Cost = PlanCosts.Report(plan, settings.WithDealer),
            Times = PlanCosts.Times(plan, settings.Host, settings.Networks, settings.WithDealer),
        };
    }

    /// <summary>The predicted times over one of the networks.</summary>
    public TimeReport Time(NetworkProfile network)
    {
        ArgumentNullException.ThrowIfNull(network);
        return Times.First(t => t.Network == network.Name);
    }
}
