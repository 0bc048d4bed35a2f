using System.Globalization;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What someone reads who reads nothing else.</summary>
internal static class SummarySection
{
    public static Section Of(ReportContent content) => new("summary", "Summary", Html.Of($"""
        <p class="lead">A client gets predictions of this model without showing its input to the server, and without seeing the model's weights. Computing that way costs time and traffic; this page says how much. Both are trusted to follow the protocol, but not to look away: <a href="#learns">what each learns</a>.</p>
        {Tiles(content)}
        {Networks(content)}
        """));

    private static Html Tiles(ReportContent content)
    {
        ReportedPlan plan = content.Plan;
        NetworkProfile network = content.Settings.Network;
        TimeReport time = plan.Time(network), before = (content.Unmodified ?? plan).Time(network);
        CostReport cost = plan.Cost, old = (content.Unmodified ?? plan).Cost;
        PhaseTotals total = cost.Total;
        bool compared = content.Unmodified is not null;
        return Html.Of($"""
            <dl class="tiles">
            {Tile($"A client waits ({network.Name})", Figure.Seconds(time.OnlineSeconds), before.OnlineSeconds, time.OnlineSeconds)}
            {Tile($"Prepared ahead ({network.Name})", Figure.Seconds(time.OfflineSeconds), before.OfflineSeconds, time.OfflineSeconds)}
            {Tile("Sent while it waits", Figure.Bytes(total.Online.TotalBytes), old.Total.Online.TotalBytes, total.Online.TotalBytes)}
            {Tile("Sent ahead", Figure.Bytes(total.Offline.TotalBytes), old.Total.Offline.TotalBytes, total.Offline.TotalBytes)}
            {Tile("Rounds while it waits", Figure.Count(total.Online.Rounds, "total.online.rounds"), old.Total.Online.Rounds, total.Online.Rounds)}
            {Tile("Sign decisions (ReLUs)", Figure.Count(cost.Relus, "relus"), old.Relus, cost.Relus)}
            {Tile("A thousand inferences cost", Figure.Money(Money(plan)), Money(content.Unmodified ?? plan), Money(plan))}
            {Accuracy(plan.Accuracy)}
            {Failure(cost.TruncationFailure)}
            </dl>
            {(compared ? Html.Of($"<p class=\"note\">Comparisons are with the same model without rewrites.</p>") : Html.Empty)}
            """);

        double Money(ReportedPlan of) => Deployment.Of(of, content.Settings).Money;

        Html Tile(string name, Html figure, double from, double to)
            => Html.Of($"<div><dt>{name}</dt><dd>{figure}{(compared ? Html.Of($"<small>{Figure.Change(from, to)}</small>") : Html.Empty)}</dd></div>");
    }

    private static Html Accuracy(ReportedAccuracy? accuracy)
    {
        if (accuracy is null)
            return Html.Of($"<div><dt>Accuracy</dt><dd>not measured<small>compile with --calibrate, or see 'onnx2mpc verify'</small></dd></div>");
        string against = string.Create(CultureInfo.InvariantCulture, $"{accuracy.Samples:N0} samples, against {accuracy.Against}");
        string drop = accuracy.Model is { } model ? string.Create(CultureInfo.InvariantCulture, $"{(accuracy.Plan - model) * 100:+0.0;−0.0;±0.0} points; ") : "";
        return Html.Of($"<div><dt>Accuracy</dt><dd>{Figure.Percent(accuracy.Plan)}<small>{drop}{against}</small></dd></div>");
    }

    private static Html Failure(double probability) => probability == 0
        ? Html.Empty
        : Html.Of($"<div><dt>A truncation fails</dt><dd>{string.Create(CultureInfo.InvariantCulture, $"2^{Math.Log2(probability):0.0}")}<small>at most, an inference: its result is then wrong, nothing is revealed</small></dd></div>");

    private static Html Networks(ReportContent content) => Table.Of(
        $"Predicted times between two machines '{content.Settings.Host.Name}', one core each",
        [
            Table.Column("Network"), Table.Number("Up"), Table.Number("Down"), Table.Number("Round trip"), Table.Number("Client waits"),
            Table.Number("Prepared ahead"), Table.Number("Once a connection"), Table.Number("Inferences an hour"), Table.Number("with material in stock"),
        ],
        content.Settings.Networks.Select((n, i) => Network(n, content.Plan.Times[i])));

    private static Html Network(NetworkProfile network, TimeReport time) => Table.Row(
        Table.RowHeader(HtmlText.Name(network.Name)),
        Table.NumberCell(Html.Of($"{Rate(network.UploadMbps)}")),
        Table.NumberCell(Html.Of($"{Rate(network.DownloadMbps)}")),
        Table.NumberCell(Html.Of($"{Figure.Duration(network.RoundTripMs / 1000)}")),
        Table.NumberCell(Figure.Seconds(time.OnlineSeconds)),
        Table.NumberCell(Figure.Seconds(time.OfflineSeconds)),
        Table.NumberCell(Figure.Seconds(time.SetupSeconds)),
        Table.NumberCell(Figure.Count((long)time.InferencesPerHour)),
        Table.NumberCell(Figure.Count((long)time.PreparedInferencesPerHour)));

    private static string Rate(double mbps) => mbps >= 1000
        ? (mbps / 1000).ToString("0.###", CultureInfo.InvariantCulture) + " Gbit/s"
        : mbps.ToString("0.###", CultureInfo.InvariantCulture) + " Mbit/s";
}
