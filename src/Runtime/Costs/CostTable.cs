using System.Globalization;

namespace PrivateInference.Runtime.Costs;

/// <summary>A cost report as rows of text: the steps that cost something, then the total.</summary>
public static class CostTable
{
    /// <summary>Column titles, in the order of <see cref="CostRow"/>'s properties.</summary>
    public static CostRow Header { get; } = new("step", "kind", "protocol", "ReLUs", "offline", "rounds", "online", "rounds");

    public static IEnumerable<CostRow> Rows(CostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Steps
            .Where(s => s.Relus + s.Offline.TotalBytes + s.Online.TotalBytes > 0)
            .Append(new StepCost
            {
                Name = "total",
                Kind = "",
                Protocol = "",
                Relus = report.Relus,
                Offline = report.Total.Offline,
                Online = report.Total.Online,
            })
            .Select(Row);
    }

    /// <summary>Client to server and back, in decimal units: <c>1.2 MB + 34 kB</c>.</summary>
    public static string Bytes(PhaseCost cost)
    {
        ArgumentNullException.ThrowIfNull(cost);
        string text = $"{Bytes(cost.ClientBytes)} + {Bytes(cost.ServerBytes)}";
        return cost.HelperBytes == 0 ? text : $"{text} + {Bytes(cost.HelperBytes)}";
    }

    private static CostRow Row(StepCost step) => new(
        step.Name, step.Kind, step.Protocol, Count(step.Relus), Bytes(step.Offline), Count(step.Offline.Rounds), Bytes(step.Online), Count(step.Online.Rounds));

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>In decimal units: <c>1.2 MB</c>.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0.0} kB"),
        < 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB"),
    };
}
