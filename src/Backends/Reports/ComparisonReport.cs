using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Backends.Reports.Sections;

namespace PrivateInference.Backends.Reports;

/// <summary>Several plans side by side, as one HTML file like <see cref="HtmlReport"/>'s.</summary>
public static class ComparisonReport
{
    public static string Render(PlanComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        (ImmutableArray<ReportedPlan> plans, ReportSettings settings) = (comparison.Plans, comparison.Settings);
        Html lead = Html.Of($"<p>{plans.Length} plans for secure inference. Changes are against the first, <strong>{HtmlText.Name(plans[0].Label)}</strong>. Bytes and rounds are those of a first inference on a new connection.</p>");
        return Page.Render("Plans compared", lead,
        [
            ParetoSection.Of(comparison), ComparisonSection.Of(plans), ComparisonTimeSection.Of(plans, settings), ComparisonMoneySection.Of(plans, settings),
        ]);
    }
}
