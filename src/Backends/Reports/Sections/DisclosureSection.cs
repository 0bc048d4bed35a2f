using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What each party learns.</summary>
internal static class DisclosureSection
{
    public static Section Of(ReportContent content) => new("learns", "What each party learns", Html.Of($"""
        {PlanDisclosures.Of(content.Plan.Plan, content.Settings.WithDealer).GroupBy(d => d.Learner).Select(Party)}
        <p class="note">All parties are assumed to follow the protocol (semi-honest adversaries). Everything else is hidden at 128-bit security; statistical hiding of weights in ciphertext noise is at 40 bits.</p>
        """));

    private static Html Party(IGrouping<Party, Disclosure> learned) => Html.Of($"""
        <h3>The {Name(learned.Key)} learns</h3>
        <ul class="learns">
        {learned.Select(d => Html.Of($"<li><strong>{d.Subject}</strong> of the {Name(d.Owner)}: {d.Description}</li>\n"))}</ul>
        """);

    private static string Name(Party party) => party == Runtime.Costs.Party.Helper ? "dealer" : party.ToString().ToLowerInvariant();
}
