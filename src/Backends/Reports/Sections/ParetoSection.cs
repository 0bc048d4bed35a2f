using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Which of several plans are worth considering: cost against accuracy where it was measured, else online against offline.</summary>
internal static class ParetoSection
{
    public static Section Of(ImmutableArray<ReportedPlan> plans, ReportSettings settings)
    {
        bool accuracy = plans.All(p => p.Accuracy is not null);
        NetworkProfile network = settings.Network;
        ChartPoint[] points = [.. plans.Select(p => new ChartPoint(p.Label, p.Time(network).OnlineSeconds, accuracy ? p.Accuracy!.Plan : p.Time(network).OfflineSeconds))];
        ChartAxis x = new($"client waits, {network.Name}", LargerIsBetter: false, Figure.Duration);
        ChartAxis y = accuracy
            ? new ChartAxis("accuracy", LargerIsBetter: true, a => a.ToString("P1", CultureInfo.InvariantCulture))
            : new ChartAxis($"prepared ahead, {network.Name}", LargerIsBetter: false, Figure.Duration);
        ImmutableArray<bool> front = ParetoFront.Of(points, y.LargerIsBetter);
        string better = accuracy ? "upper left" : "lower left";
        return new Section("pareto", "Which plans are worth considering", Html.Of($"""
            <p>Better is to the {better}. Filled points are on the Pareto front: no other plan is better in one and at least as good in the other.</p>
            {new ParetoChart(points, x, y).Draw($"{x.Title} and {y.Title}")}
            <ol class="key">
            {points.Select((p, i) => Html.Of($"<li>{HtmlText.Name(p.Label)}: {x.Format(p.X)}, {y.Format(p.Y)}{(front[i] ? Html.Of($" – <strong>on the front</strong>") : Html.Empty)}</li>\n"))}</ol>
            """));
    }
}
