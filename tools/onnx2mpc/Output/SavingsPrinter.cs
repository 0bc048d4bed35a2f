using System.Globalization;
using PrivateInference.CommandLine.Support;
using PrivateInference.Passes;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Output;

/// <summary>What the passes save, on standard error; and a warning where they change the model for nothing.</summary>
internal static class SavingsPrinter
{
    /// <summary>A smaller saving is none: what is lost is lost for sure.</summary>
    private const double LeastSaving = 0.01;

    public static void Print(CostReport cost, UnmodifiedModel? unmodified, IEnumerable<PassTrace> traces, ProgressLog log)
    {
        if (unmodified?.Problem is { } problem)
            log.Say($"  without the passes the model cannot be compiled: {problem.Split('\n')[0]}");
        if (unmodified?.Cost is not { } before)
            return;
        log.Say("  the plan without the passes → with them");
        log.Say($"    sign decisions {Quantities.Count(before.Relus)} → {Quantities.Count(cost.Relus)}, ring 2^{before.RingBits} → 2^{cost.RingBits}");
        log.Say($"    online  {Change(before.Total.Online, cost.Total.Online)}");
        log.Say($"    offline {Change(before.Total.Offline, cost.Total.Offline)}");
        string[] lossy = [.. traces.Where(t => t.Changed && t.Contract != PassContract.Exact).Select(t => t.Pass).Distinct(StringComparer.Ordinal)];
        if (lossy.Length > 0 && !Pays(before.Total, cost.Total))
            log.Say($"  warning: {string.Join(" and ", lossy)} changed what the model computes, and the plan is no cheaper for it: leave that out, or choose other layers");
    }

    /// <summary>Whether online bytes or rounds, or all bytes together, become fewer.</summary>
    private static bool Pays(PhaseTotals before, PhaseTotals after)
        => IsLess(before.Online.TotalBytes, after.Online.TotalBytes)
            || IsLess(before.Online.TotalBytes + before.Offline.TotalBytes, after.Online.TotalBytes + after.Offline.TotalBytes)
            || after.Online.Rounds < before.Online.Rounds;

    private static bool IsLess(long before, long after) => after <= (1 - LeastSaving) * before;

    private static string Change(PhaseCost before, PhaseCost after)
    {
        string part = ((double)after.TotalBytes / before.TotalBytes).ToString("0.0%", CultureInfo.InvariantCulture);
        return $"{Quantities.Bytes(before.TotalBytes)} → {Quantities.Bytes(after.TotalBytes)} ({part}), {Quantities.Count(before.Rounds)} → {Quantities.Count(after.Rounds)} rounds";
    }
}
