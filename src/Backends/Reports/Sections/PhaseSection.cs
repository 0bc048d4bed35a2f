using PrivateInference.Backends.Reports.Charts;
using PrivateInference.Backends.Reports.Markup;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What can be done ahead against what a client waits for: time, traffic and work.</summary>
internal static class PhaseSection
{
    public static Section Of(ReportContent content) => new("phases", "Offline against online", Html.Of($"""
        <p><em>Offline</em> work does not depend on the client's input: it is done ahead, in quiet hours, and its result is stored and used once. <em>Online</em> is what the client waits for.</p>
        {Times(content)}
        {Traffic(content.Plan.Cost)}
        {Work(content)}
        """));

    private static Html Times(ReportContent content) => Table.Of("Seconds of one inference",
        [Table.Column("Network"), Table.Number("Offline"), Table.Number("Online"), Table.Number("Online part")],
        content.Settings.Networks.Select((n, i) => Time(n, content.Plan.Times[i])),
        "pairs");

    private static Html Time(NetworkProfile network, TimeReport time) => Table.Row(
        Table.RowHeader(HtmlText.Name(network.Name)),
        Pair(Figure.Seconds(time.OfflineSeconds), time.OfflineSeconds, time.OfflineSeconds + time.OnlineSeconds, "offline"),
        Pair(Figure.Seconds(time.OnlineSeconds), time.OnlineSeconds, time.OfflineSeconds + time.OnlineSeconds, "online"),
        Table.NumberCell(Figure.Percent(Part(time.OnlineSeconds, time.OfflineSeconds))));

    private static Html Traffic(CostReport cost)
    {
        (PhaseCost offline, PhaseCost online) = (cost.Total.Offline, cost.Total.Online);
        double most = new[] { offline.ClientBytes, offline.ServerBytes, offline.HelperBytes, online.ClientBytes, online.ServerBytes, online.HelperBytes }.Max();
        return Table.Of("Bytes that each party sends, the setup of a connection included",
            [Table.Column("Party"), Table.Number("Offline"), Table.Number("Online"), Table.Number("Online part")],
            [
                Row("client", offline.ClientBytes, online.ClientBytes, "client_bytes"),
                Row("server", offline.ServerBytes, online.ServerBytes, "server_bytes"),
                offline.HelperBytes + online.HelperBytes > 0 ? Row("dealer", offline.HelperBytes, online.HelperBytes, "helper_bytes") : Html.Empty,
            ],
            "pairs");

        Html Row(string party, long ahead, long waiting, string place) => Table.Row(
            Table.RowHeader(Html.Of($"{party}")),
            Pair(Figure.Bytes(ahead, $"total.offline.{place}"), ahead, most, "offline"),
            Pair(Figure.Bytes(waiting, $"total.online.{place}"), waiting, most, "online"),
            Table.NumberCell(Figure.Percent(Part(waiting, ahead))));
    }

    private static Html Work(ReportContent content) => content.Plan.Cost.Work is not { } work
        ? Html.Empty
        : Table.Of($"What each party computes; core seconds on machine '{content.Settings.Host.Name}'",
            [Table.Column("Party and phase"), Table.Number("Core seconds"), Table.Number("AES calls"), Table.Number("NTTs"), Table.Number("Ring multiplications")],
            [
                Computation("client, offline", work.Offline.Client, "work.offline.client", content.Settings.Host),
                Computation("client, online", work.Online.Client, "work.online.client", content.Settings.Host),
                Computation("server, offline", work.Offline.Server, "work.offline.server", content.Settings.Host),
                Computation("server, online", work.Online.Server, "work.online.server", content.Settings.Host),
                Computation("dealer, offline", work.Offline.Helper, "work.offline.helper", content.Settings.Host),
            ]);

    private static Html Computation(string name, WorkCost? work, string place, HostProfile host) => work is null
        ? Html.Empty
        : Table.Row(
            Table.RowHeader(Html.Of($"{name}")),
            Table.NumberCell(Figure.Seconds(host.Seconds(work))),
            Table.NumberCell(Figure.Count(work.AesCalls, $"{place}.aes_calls")),
            Table.NumberCell(Figure.Count(work.Transforms, $"{place}.ntts")),
            Table.NumberCell(Figure.Count(work.RingMultiplications, $"{place}.ring_multiplications")));

    private static Html Pair(Html figure, double length, double whole, string kind)
        => Table.NumberCell(Html.Of($"{figure}{Bar.Of(0, length, whole, kind)}"));

    private static double Part(double online, double offline) => online + offline > 0 ? online / (online + offline) : 0;
}
