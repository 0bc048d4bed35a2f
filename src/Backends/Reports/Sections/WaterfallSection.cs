using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Bytes, rounds and seconds by layer, one chart a network: each bar begins where the one before ends.</summary>
internal static class WaterfallSection
{
    public static Section Of(ReportContent content) => new("waterfall", "Where bytes, rounds and seconds go", Html.Of($"""
        <p>Each bar begins where the one above ends. Only steps that cost something are listed; the setup of a connection is step <em>session</em>. Bytes are the client's + the server's.</p>
        <div class="tabs">
        <fieldset><legend>Network</legend>{content.Settings.Networks.Select(n => Tab(n, n == content.Settings.Network))}</fieldset>
        {content.Settings.Networks.Select((n, i) => Html.Of($"<div class=\"panel\">{Chart(content.Plan.Cost, content.Plan.Times[i])}</div>\n"))}</div>
        """));

    private static Html Tab(NetworkProfile network, bool selected)
        => Html.Of($"<label><input type=\"radio\" name=\"network\"{(selected ? Html.Trusted(" checked=\"\"") : Html.Empty)}/> {HtmlText.Name(network.Name)}</label>");

    private static Html Chart(CostReport cost, TimeReport time)
    {
        WaterfallColumns columns = new(cost, time);
        int[] shown = [.. Enumerable.Range(0, cost.Steps.Length).Where(columns.Costs)];
        return Table.Of(
            $"By layer on network {time.Network}",
            [
                Table.Column("Layer"), Table.Number("Online time"), Table.Number("Online bytes"), Table.Number("Online rounds"),
                Table.Number("Offline time"), Table.Number("Offline bytes"), Table.Number("Offline rounds"),
            ],
            [.. shown.Select(columns.Row), columns.Total()],
            "waterfall");
    }
}
