using System.Globalization;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>Measurements as two Markdown tables: time as ratios and seconds, then traffic and memory.</summary>
internal static class MarkdownReport
{
    public static void Print(IReadOnlyList<Measurement> measurements)
    {
        Console.WriteLine("| case | offline ÷ clear | online ÷ clear | offline s | online s | first inference s | clear ms | float ms |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (Measurement m in measurements)
        {
            double clear = Median(m.ClearSeconds);
            Console.WriteLine(Row(
                m.Case.Name, Ratio(Median(m.OfflineSeconds) / clear), Ratio(Median(m.OnlineSeconds) / clear),
                Range(m.OfflineSeconds, 1, "0.000"), Range(m.OnlineSeconds, 1, "0.000"), Number(m.FirstSeconds, "0.00"),
                Range(m.ClearSeconds, 1000, "0.00"), m.FloatSeconds.IsEmpty ? "–" : Range(m.FloatSeconds, 1000, "0.00")));
        }

        Console.WriteLine();
        Console.WriteLine("| case | offline MB, client + server | rounds | online MB, client + server | rounds | garbled B a ReLU | peak MB, client (predicted) | peak MB, server (predicted) | largest deviation from the plan |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (Measurement m in measurements)
        {
            // The runs were audited: what was sent is what is predicted.
            CostReport cost = PlanCosts.Report(m.Case.Plan);
            PhaseCost offline = cost.Total.Offline, online = cost.Total.Online;
            Console.WriteLine(Row(
                m.Case.Name, Bytes(offline), Count(offline.Rounds), Bytes(online), Count(online.Rounds),
                GarbledBytes(cost), Peak(m.ClientPeakBytes, cost.PeakMemory!.ClientBytes), Peak(m.ServerPeakBytes, cost.PeakMemory.ServerBytes),
                m.Deviation == 0 ? "none" : Number(m.Deviation, "0.0%")));
        }
    }

    /// <summary>A row of predicted and measured seconds.</summary>
    public static void PrintPrediction(string network, string phase, double predicted, IReadOnlyList<double> measured)
        => Console.WriteLine(Row(network, phase, Number(predicted, "0.000"), Range(measured, 1, "0.000"), Number(predicted / Median(measured), "0.00")));

    private static string GarbledBytes(CostReport cost) => cost.Relus == 0
        ? "–"
        : Count(cost.Steps.Where(s => s.Relus > 0).Sum(s => s.Offline.ServerBytes) / cost.Relus);

    private static string Row(params IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |";

    private static string Range(IEnumerable<double> seconds, double unit, string format)
        => $"{Number(Median(seconds) * unit, format)} ({Number(seconds.Min() * unit, format)}–{Number(seconds.Max() * unit, format)})";

    private static string Bytes(PhaseCost cost) => $"{Number(cost.ClientBytes / 1e6, "0.000")} + {Number(cost.ServerBytes / 1e6, "0.000")}";

    private static string Peak(long measured, long predicted) => $"{Number(measured / 1e6, "0")} ({Number(predicted / 1e6, "0")})";

    private static string Ratio(double value) => Number(value, value < 10 ? "0.0" : "0") + "×";

    private static string Count(long value) => Number(value, "#,0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
