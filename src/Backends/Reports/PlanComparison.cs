using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Charts;

namespace PrivateInference.Backends.Reports;

/// <summary>Several plans, and which of them are worth considering.</summary>
public sealed class PlanComparison
{
    /// <param name="plans">The plans; the first is what the others are compared with.</param>
    /// <param name="settings">For whom is predicted; the first network decides about time.</param>
    /// <exception cref="ArgumentException">There is no plan.</exception>
    public PlanComparison(ImmutableArray<ReportedPlan> plans, ReportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (plans.IsDefaultOrEmpty)
            throw new ArgumentException("There is nothing to compare.", nameof(plans));
        Plans = plans;
        Settings = settings;
        ByAccuracy = plans.All(p => p.Accuracy is not null);
        Points = [.. plans.Select(Point)];
        OnFront = ParetoFront.Of(Points, ByAccuracy);
    }

    public ImmutableArray<ReportedPlan> Plans { get; }

    public ReportSettings Settings { get; }

    /// <summary>Whether online seconds are weighed against accuracy, or, where it was not measured, against offline seconds.</summary>
    public bool ByAccuracy { get; }

    /// <summary>For each plan, whether no other is better in one and at least as good in the other.</summary>
    public ImmutableArray<bool> OnFront { get; }

    internal ImmutableArray<ChartPoint> Points { get; }

    private ChartPoint Point(ReportedPlan plan)
    {
        (double online, double offline) = (plan.Time(Settings.Network).OnlineSeconds, plan.Time(Settings.Network).OfflineSeconds);
        return new ChartPoint(plan.Label, online, ByAccuracy ? plan.Accuracy!.Plan : offline);
    }
}
