using System.Globalization;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.CommandLine.Output;

/// <summary>A cost report as a table.</summary>
internal static class CostPrinter
{
    /// <summary>Columns of text come first and are aligned to the left.</summary>
    private const int TextColumns = 3;

    public static void Print(CostReport report, NetworkProfile network)
    {
        Console.WriteLine($"plan {report.Plan}, backend {report.Backend}, ring 2^{report.RingBits}, {Quantities.Count(report.Relus)} ReLUs; bytes are client + server");
        PrintTable(report);
        Console.WriteLine($"transfer alone on network '{network.Name}': offline {Transfer(report.Total.Offline, network)}, online {Transfer(report.Total.Online, network)}");
        if (report.TruncationFailure > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"some local truncation fails with a probability of 2^{Math.Log2(report.TruncationFailure):0.0} an inference at most"));
        string peak = report.PeakMemory is { } memory ? $"; peak memory, estimated: {Parties(memory)}" : "";
        if (report.Storage is { } storage)
            Console.WriteLine($"stored per prepared inference: {Parties(storage)}{peak}");
        if (report.Time is { } time)
            PrintTime(time);
    }

    private static void PrintTable(CostReport report)
    {
        CostRow[] rows = [CostTable.Header, .. CostTable.Rows(report)];
        TextTable.Print([.. rows.Select(r => Cells(r).Concat(Seconds(report, r)).ToArray())], TextColumns);
    }

    private static string[] Cells(CostRow row)
        => [row.Name, row.Kind, row.Protocol, row.Relus, row.OfflineBytes, row.OfflineRounds, row.OnlineBytes, row.OnlineRounds];

    private static string[] Seconds(CostReport report, CostRow row)
    {
        if (report.Time is not { } time)
            return [];
        if (row == CostTable.Header)
            return ["offline s", "online s"];
        return time.Steps.FirstOrDefault(s => s.Name == row.Name) is { } step
            ? [Number(step.OfflineSeconds), Number(step.OnlineSeconds)]
            : [Number(time.SetupSeconds + time.OfflineSeconds), Number(time.OnlineSeconds)];
    }

    private static void PrintTime(TimeReport time)
    {
        Console.WriteLine($"predicted between two of host '{time.Host}' on network '{time.Network}': setup {Time(time.SetupSeconds)} once, then offline {Time(time.OfflineSeconds)} and online {Time(time.OnlineSeconds)} an inference");
        Console.WriteLine($"a session makes {Rate(time.InferencesPerHour)} inferences an hour, {Rate(time.PreparedInferencesPerHour)} while prepared ones last");
    }

    private static string Transfer(PhaseCost cost, NetworkProfile network)
        => Quantities.Time(network.TransferTime(cost.ClientBytes, cost.ServerBytes, cost.Rounds));

    private static string Parties(PartyBytes bytes) => $"client {Quantities.Bytes(bytes.ClientBytes)}, server {Quantities.Bytes(bytes.ServerBytes)}";

    private static string Time(double seconds) => Quantities.Time(TimeSpan.FromSeconds(seconds));

    private static string Rate(double perHour) => Quantities.Count((long)perHour);

    private static string Number(double seconds) => seconds.ToString("0.0000", CultureInfo.InvariantCulture);
}
