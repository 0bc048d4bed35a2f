using System.Globalization;
using PrivateInference.Backends.Reports.Markup;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>Storage by day and money by thousand inferences; the page recomputes both for other loads and prices.</summary>
internal static class DeploymentSection
{
    public static Section Of(ReportContent content)
    {
        ReportSettings settings = content.Settings;
        Deployment d = Deployment.Of(content.Plan, settings);
        string server = Exactly(d.ServerBytes), core = Exactly(d.CoreSeconds), kept = Exactly(d.Storage.ServerBytes), client = Exactly(d.Storage.ClientBytes);
        return new Section("deployment", "Storage and money", Html.Of($"""
            <p>Material is made ahead and kept until it is used, once. Connections are assumed to last, so their setup is left out.</p>
            <form id="calculator" data-server-bytes="{server}" data-core-seconds="{core}" data-server-storage="{kept}" data-client-storage="{client}">
            <div class="inputs">
            {Input("requests", "Inferences a day", settings.RequestsPerDay)}
            {Input("egress", "A GB that the server sends costs", settings.Prices.PerGigabyte)}
            {Input("core", "A core hour costs", settings.Prices.PerCoreHour)}
            {Input("storage", "A GB kept for a month costs", settings.Prices.PerGigabyteMonth)}
            </div>
            {Storage(content, d)}
            {Money(d, settings)}
            </form>
            """));
    }

    private static Html Storage(ReportContent content, Deployment d) => Table.Of("Material, when a day's inferences are prepared ahead",
        [Table.Column("Party"), Table.Number("An inference"), Table.Number("A day"), Table.Number("Peak memory of the process, estimated")],
        [
            Party("client", d.Storage.ClientBytes, content.Plan.Cost.PeakMemory?.ClientBytes, content.Settings),
            Party("server", d.Storage.ServerBytes, content.Plan.Cost.PeakMemory?.ServerBytes, content.Settings),
        ]);

    private static Html Party(string name, long storage, long? peak, ReportSettings settings) => Table.Row(
        Table.RowHeader(Html.Of($"{name}")),
        Table.NumberCell(Figure.Bytes(storage, $"storage.{name}_bytes")),
        Table.NumberCell(Result($"{name}-day", Figure.Bytes((long)(storage * settings.RequestsPerDay)))),
        Table.NumberCell(peak is { } bytes ? Figure.Bytes(bytes, $"peak_memory.{name}_bytes") : Html.Empty));

    private static Html Money(Deployment d, ReportSettings settings) => Table.Of("Money for a thousand inferences, paid by the server's operator",
        [Table.Column("For"), Table.Number("An inference takes"), Table.Number("A thousand cost")],
        [
            Row("traffic from the server", Figure.Bytes(d.ServerBytes), "traffic", d.Traffic),
            Row($"computing, on machine '{settings.Host.Name}'", Figure.Seconds(d.CoreSeconds), "computing", d.Computing),
            Row("keeping the server's material for a day", Figure.Bytes(d.Storage.ServerBytes), "keeping", d.Keeping),
            Row("together", Html.Empty, "together", d.Money),
        ]);

    private static Html Row(string name, Html takes, string result, double money) => Table.Row(
        Table.RowHeader(Html.Of($"{name}")), Table.NumberCell(takes), Table.NumberCell(Result(result, Figure.Money(money))));

    // The script writes its results here; a reader without scripts sees those of the inputs' first values.
    private static Html Result(string name, Html figure) => Html.Of($"<output name=\"{name}\">{figure}</output>");

    private static Html Input(string name, string label, double value)
        => Html.Of($"<label>{label} <input type=\"number\" name=\"{name}\" min=\"0\" step=\"any\" value=\"{Exactly(value)}\" inputmode=\"decimal\"/></label>\n");

    private static string Exactly(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}
