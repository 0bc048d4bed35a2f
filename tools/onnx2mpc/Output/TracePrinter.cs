using System.Globalization;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>What the passes did, a line each, on standard error.</summary>
internal static class TracePrinter
{
    public static void Print(IEnumerable<PassTrace> traces, ProgressLog log)
    {
        foreach (PassTrace trace in traces)
        {
            log.Say($"    {trace.Pass}: {(trace.Changed ? Changes(trace) : "nothing to do")}");
            foreach (string note in trace.Notes)
                log.Say($"      {note}");
        }
    }

    private static string Changes(PassTrace trace)
    {
        (GraphSize before, GraphSize after) = (trace.Before, trace.After);
        string text = $"{Quantities.Count(before.SignDecisions)} → {Quantities.Count(after.SignDecisions)} ReLUs";
        if (before.MultiplyAccumulates != after.MultiplyAccumulates)
            text += $", {Quantities.Count(before.MultiplyAccumulates)} → {Quantities.Count(after.MultiplyAccumulates)} multiply-accumulates";
        if (trace.Difference is { } difference)
        {
            text += $"; {Quantities.Count(difference.SameTop)} of {Quantities.Count(difference.Samples)} samples keep their top class, "
                + $"largest output error {difference.LargestError.ToString("P1", CultureInfo.InvariantCulture)} of the range";
        }

        return text;
    }
}
