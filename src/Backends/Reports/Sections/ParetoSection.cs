using System.Globalization;
using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Which of several plans are worth considering: time against accuracy where it was measured, else online against offline.</summary>
internal static class ParetoSection
{
    public static Section Of(PlanComparison comparison)
    {
        string network = comparison.Settings.Network.Name;
        ChartAxis x = new($"client waits, {network}", LargerIsBetter: false, Figure.Duration);
        ChartAxis y = comparison.ByAccuracy
            ? new ChartAxis("accuracy", LargerIsBetter: true, a => a.ToString("P1", CultureInfo.InvariantCulture))
            : new ChartAxis($"prepared ahead, {network}", LargerIsBetter: false, Figure.Duration);
        return new Section("pareto", "Which plans are worth considering", Html.Of($"""
            <p>Better is to the {(comparison.ByAccuracy ? "upper" : "lower")} left. Filled points are on the Pareto front: no other plan is better in one and at least as good in the other.{Measured(comparison)}</p>
            {new ParetoChart(comparison.Points, x, y).Draw($"{x.Title} and {y.Title}")}
            <ol class="key">
            {comparison.Points.Select((p, i) => Html.Of($"<li>{HtmlText.Name(p.Label)}: {Unbroken(x.Format(p.X))}, {Unbroken(y.Format(p.Y))}{(comparison.OnFront[i] ? Html.Of($" – <strong>on the front</strong>") : Html.Empty)}</li>\n"))}</ol>
            """));
    }

    private static string Unbroken(string quantity) => quantity.Replace(' ', '\u00A0');

    private static string Measured(PlanComparison comparison) => comparison.ByAccuracy && comparison.Plans[0].Accuracy is { } first
        ? string.Create(CultureInfo.InvariantCulture, $" Accuracy was measured on {first.Samples:N0} samples, against {first.Against}.")
        : "";
}
