using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Output;

/// <summary>A cost report as a table.</summary>
internal static class CostPrinter
{
    public static void Print(CostReport report, NetworkProfile network)
    {
        Console.WriteLine($"plan {report.Plan}, backend {report.Backend}, ring 2^{report.RingBits}, {Quantities.Count(report.Relus)} ReLUs; bytes are client + server");
        CostRow[] rows = [CostTable.Header, .. CostTable.Rows(report)];
        string[][] cells = [.. rows.Select(r => new[] { r.Name, r.Kind, r.Protocol, r.Relus, r.OfflineBytes, r.OfflineRounds, r.OnlineBytes, r.OnlineRounds })];
        int[] widths = [.. Enumerable.Range(0, cells[0].Length).Select(c => cells.Max(r => r[c].Length))];
        foreach (string[] row in cells)
            Console.WriteLine(string.Join("  ", row.Select((cell, c) => c < 3 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c]))));
        Console.WriteLine($"transfer alone on network '{network.Name}': offline {Transfer(report.Total.Offline, network)}, online {Transfer(report.Total.Online, network)}");
    }

    private static string Transfer(PhaseCost cost, NetworkProfile network)
        => Quantities.Time(network.TransferTime(cost.ClientBytes, cost.ServerBytes, cost.Rounds));
}
