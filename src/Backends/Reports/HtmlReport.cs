using System.Globalization;
using System.Net;
using System.Text;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Reports;

/// <summary>A cost report as one HTML file without outside references, for a deployment decision.</summary>
public static class HtmlReport
{
    private const string Style = """
        body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1b1f24; background: #fff }
        table { border-collapse: collapse; width: 100% } caption { text-align: left; font-weight: 600; padding: .5rem 0 }
        th, td { padding: .3rem .6rem; border-bottom: 1px solid #d0d7de; text-align: left } .n { text-align: right; font-variant-numeric: tabular-nums }
        tr:last-child td { font-weight: 600 } @media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117 } th, td { border-color: #30363d } }
        """;

    public static string Render(ExecutionPlan plan, CostReport cost, NetworkProfile network)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(network);
        StringBuilder html = new();
        html.Append($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Text(plan.Name)}: cost of secure inference</title>\n<style>{Style}</style>\n</head>\n<body>\n");
        html.Append($"<h1>{Text(plan.Name)}</h1>\n<p>Backend {Text(plan.Backend)}, ring 2<sup>{plan.RingBits}</sup>, {cost.Relus.ToString("N0", CultureInfo.InvariantCulture)} ReLUs an inference. Bytes are from the client + from the server; they are exact. Step <em>session</em> is paid once a connection.</p>\n");
        html.Append($"<p>Transfer alone on network {Text(network.Name)} ({network.UploadMbps} / {network.DownloadMbps} Mbit/s, {network.RoundTripMs} ms): offline {Seconds(cost.Total.Offline, network)}, online {Seconds(cost.Total.Online, network)}.</p>\n");
        if (cost.TruncationFailure > 0)
            html.Append(CultureInfo.InvariantCulture, $"<p>Some local truncation fails with a probability of 2<sup>{Math.Log2(cost.TruncationFailure):0.0}</sup> an inference at most.</p>\n");
        AppendCosts(html, cost);
        AppendValues(html, plan);
        return html.Append("</body>\n</html>\n").ToString();
    }

    private static void AppendCosts(StringBuilder html, CostReport cost)
    {
        html.Append("<table>\n<caption>Communication</caption>\n");
        AppendRow(html, "th", CostTable.Header);
        foreach (CostRow row in CostTable.Rows(cost))
            AppendRow(html, "td", row);
        html.Append("</table>\n");
    }

    private static void AppendRow(StringBuilder html, string cell, CostRow row)
    {
        html.Append("<tr>");
        foreach (string text in new[] { row.Name, row.Kind, row.Protocol })
            html.Append($"<{cell}>{Text(text)}</{cell}>");
        foreach (string text in new[] { row.Relus, row.OfflineBytes, row.OfflineRounds, row.OnlineBytes, row.OnlineRounds })
            html.Append($"<{cell} class=\"n\">{Text(text)}</{cell}>");
        html.Append("</tr>\n");
    }

    private static void AppendValues(StringBuilder html, ExecutionPlan plan)
    {
        html.Append("<table>\n<caption>Fixed-point values</caption>\n<tr><th>value</th><th>shape</th><th class=\"n\">scale</th><th class=\"n\">bits</th><th class=\"n\">minimum</th><th class=\"n\">maximum</th><th class=\"n\">error bound</th></tr>\n");
        foreach (PlanValue value in plan.Values)
        {
            html.Append($"<tr><td>{Text(value.Name)}</td><td>{string.Join('×', value.Shape)}</td><td class=\"n\">{Number(value.Scale)}</td><td class=\"n\">{value.Bits}</td>");
            html.Append($"<td class=\"n\">{Number(value.Minimum)}</td><td class=\"n\">{Number(value.Maximum)}</td><td class=\"n\">{(double.IsNaN(value.ErrorBound) ? "" : Number(value.ErrorBound))}</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static string Seconds(PhaseCost cost, NetworkProfile network)
        => network.TransferTime(cost.ClientBytes, cost.ServerBytes, cost.Rounds).TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";

    private static string Number(double number) => number.ToString("G6", CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
