using System.Collections.Immutable;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Backends.Reports.Sections;

namespace PrivateInference.Backends.Reports;

/// <summary>Several plans side by side, as one HTML file like <see cref="HtmlReport"/>'s. The first is what the others are compared with.</summary>
public static class ComparisonReport
{
    /// <exception cref="ArgumentException">There is no plan.</exception>
    public static string Render(ImmutableArray<ReportedPlan> plans, ReportSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (plans.IsDefaultOrEmpty)
            throw new ArgumentException("There is nothing to compare.", nameof(plans));
        Html lead = Html.Of($"<p>{plans.Length} plans for secure inference. Changes are against the first, <strong>{HtmlText.Name(plans[0].Label)}</strong>. Bytes and rounds are those of a first inference on a new connection.</p>");
        return Page.Render("Plans compared", lead,
        [
            ParetoSection.Of(plans, settings), ComparisonSection.Of(plans), ComparisonTimeSection.Of(plans, settings), ComparisonMoneySection.Of(plans, settings),
        ]);
    }
}
