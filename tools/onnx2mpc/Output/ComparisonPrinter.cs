using System.Globalization;
using PrivateInference.Backends.Reports;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.CommandLine.Output;

/// <summary>Plans side by side.</summary>
internal static class ComparisonPrinter
{
    private const int TextColumns = 2;

    private static readonly string[] s_header
        = ["plan", "backend", "ring", "ReLUs", "offline", "rounds", "online", "rounds", "prepared ahead", "client waits", "accuracy", "front"];

    public static void PrintTable(PlanComparison comparison)
    {
        ReportSettings settings = comparison.Settings;
        TextTable.Print([s_header, .. comparison.Plans.Select((p, i) => Row(p, settings.Network, comparison.OnFront[i]))], TextColumns);
        Console.WriteLine($"times between two of host '{settings.Host.Name}' on network '{settings.Network.Name}'; front: no other plan is as good in both the client's wait and {(comparison.ByAccuracy ? "accuracy" : "preparation")}, and better in one");
        if (comparison.ByAccuracy && comparison.Plans[0].Accuracy is { } accuracy)
            Console.WriteLine($"accuracy on {Quantities.Count(accuracy.Samples)} samples, against {accuracy.Against}");
    }

    public static void PrintJson(PlanComparison comparison) => JsonOutput.Write(new
    {
        Host = comparison.Settings.Host.Name,
        Network = comparison.Settings.Network.Name,
        Plans = comparison.Plans.Select((p, i) => new
        {
            Plan = p.Label,
            OnParetoFront = comparison.OnFront[i],
            p.Accuracy,
            Cost = p.Cost with { Time = p.Time(comparison.Settings.Network) },
        }),
    });

    private static string[] Row(ReportedPlan plan, NetworkProfile network, bool onFront)
    {
        (PhaseCost offline, PhaseCost online) = (plan.Cost.Total.Offline, plan.Cost.Total.Online);
        TimeReport time = plan.Time(network);
        return
        [
            plan.Label, plan.Cost.Backend, $"{plan.Cost.RingBits}", Quantities.Count(plan.Cost.Relus), CostTable.Bytes(offline), Quantities.Count(offline.Rounds),
            CostTable.Bytes(online), Quantities.Count(online.Rounds), Time(time.OfflineSeconds), Time(time.OnlineSeconds),
            plan.Accuracy?.Plan.ToString("P1", CultureInfo.InvariantCulture) ?? "-", onFront ? "*" : "",
        ];
    }

    private static string Time(double seconds) => Quantities.Time(TimeSpan.FromSeconds(seconds));
}
