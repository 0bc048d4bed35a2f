using PrivateInference.Runtime.Costs;

namespace PrivateInference.Backends.Reports.Sections;

/// <summary>What a day of service and a thousand inferences take; connections are assumed to last, so their setup is left out.</summary>
internal sealed class Deployment
{
    private const double Gigabyte = 1e9;
    private const double DaysOfMonth = 30;

    private Deployment(ReportedPlan plan, ReportSettings settings)
    {
        PhaseTotals traffic = plan.PerInference;
        ServerBytes = traffic.Offline.ServerBytes + traffic.Online.ServerBytes;
        ClientBytes = traffic.Offline.ClientBytes + traffic.Online.ClientBytes;
        Storage = plan.Cost.Storage ?? new PartyBytes { ClientBytes = 0, ServerBytes = 0 };
        StepWork[] work = [.. plan.Cost.Steps.Skip(1).Select(s => s.Work).OfType<StepWork>()];
        CoreSeconds = work.Sum(w => Seconds(w.Offline.Server) + Seconds(w.Online.Server));
        Traffic = 1000 * ServerBytes / Gigabyte * settings.Prices.PerGigabyte;
        Computing = 1000 * CoreSeconds / 3600 * settings.Prices.PerCoreHour;
        Keeping = 1000 * Storage.ServerBytes / Gigabyte * settings.Prices.PerGigabyteMonth / DaysOfMonth;

        double Seconds(WorkCost? w) => w is null ? 0 : settings.Host.Seconds(w);
    }

    /// <summary>What the server sends for an inference.</summary>
    public long ServerBytes { get; }

    /// <summary>What the client sends for an inference.</summary>
    public long ClientBytes { get; }

    /// <summary>Material that one prepared inference keeps.</summary>
    public PartyBytes Storage { get; }

    /// <summary>What the server computes for an inference.</summary>
    public double CoreSeconds { get; }

    /// <summary>Money for what a thousand inferences make the server send.</summary>
    public double Traffic { get; }

    /// <summary>Money for what a thousand inferences make the server compute.</summary>
    public double Computing { get; }

    /// <summary>Money for keeping the server's material of a thousand inferences for a day.</summary>
    public double Keeping { get; }

    /// <summary>Money for a thousand inferences.</summary>
    public double Money => Traffic + Computing + Keeping;

    public static Deployment Of(ReportedPlan plan, ReportSettings settings) => new(plan, settings);
}
