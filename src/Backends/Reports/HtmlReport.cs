using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Backends.Reports.Sections;

namespace PrivateInference.Backends.Reports;

/// <summary>
/// The report of one plan: a single HTML file that requests nothing, for a deployment decision. Equal content gives equal
/// text.
/// </summary>
public static class HtmlReport
{
    public static string Render(ReportContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ReportedPlan plan = content.Plan;
        Section?[] sections =
        [
            SummarySection.Of(content), DisclosureSection.Of(content), RewriteSection.Of(content), WaterfallSection.Of(content), PhaseSection.Of(content),
            ReluSection.Of(content), DeploymentSection.Of(content), GraphSection.Of(content), ValueSection.Of(content),
        ];
        Html lead = Html.Of($"<p>Secure inference with backend <strong>{plan.Plan.Backend}</strong> in the ring of {plan.Plan.RingBits} bits; {plan.Plan.Steps.Length} steps{(content.Settings.WithDealer ? ", prepared with a dealer" : "")}. Plan <code>{Convert.ToHexStringLower(plan.Plan.Hash.AsSpan()[..8])}</code></p>");
        return Page.Render(plan.Label, lead, [.. sections.OfType<Section>()]);
    }
}
