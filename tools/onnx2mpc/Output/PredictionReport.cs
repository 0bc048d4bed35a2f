using System.Globalization;
using PrivateInference.CommandLine.Support;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Output;

/// <summary>Shows secure predictions and what they cost, as a table or as JSON.</summary>
internal static class PredictionReport
{
    public static void PrintTable(ExecutionPlan plan, IReadOnlyList<Prediction> predictions)
    {
        bool labelled = predictions.Any(p => p.Label is not null), compared = predictions.Any(p => p.FloatClass is not null);
        Console.WriteLine($"{"sample",6}  {"prediction",-16}{"probability",12}{(labelled ? $"  {"label",-16}" : "")}{(compared ? "  float model" : "")}");
        foreach (Prediction p in predictions)
        {
            float[] output = [.. p.Result.Output];
            double confidence = Classes.Confidence(output);
            string probability = double.IsNaN(confidence) ? "" : confidence.ToString("P1", CultureInfo.InvariantCulture);
            string label = labelled ? $"  {(p.Label is { } l ? ClassName(plan, l) : ""),-16}" : "";
            string agreement = p.FloatClass is { } f ? f == Classes.Of(output) ? "  agrees" : $"  says {ClassName(plan, f)}" : "";
            Console.WriteLine($"{p.Index,6}  {ClassName(plan, Classes.Of(output)),-16}{probability,12}{label}{agreement}");
        }

        Console.WriteLine();
        PrintOutOfRange(predictions);
        PrintSummary(predictions);
    }

    public static void PrintJson(ExecutionPlan plan, IReadOnlyList<Prediction> predictions) => JsonOutput.Write(new
    {
        Plan = plan.Name,
        Predictions = predictions.Select(p => new
        {
            Sample = p.Index,
            Class = Classes.Of([.. p.Result.Output]),
            ClassName = ClassName(plan, Classes.Of([.. p.Result.Output])),
            Probability = Classes.Confidence([.. p.Result.Output]),
            p.Label,
            p.FloatClass,
            Output = p.Result.Output,
            FixedPoint = p.Result.FixedPoint,
            p.Result.OutOfRange,
            OfflineSeconds = p.Result.Statistics.OfflineTime.TotalSeconds,
            OnlineSeconds = p.Result.Statistics.OnlineTime.TotalSeconds,
            Cost = PhaseTotals.Of(p.Result.Statistics.Messages),
        }),
    });

    private static void PrintOutOfRange(IReadOnlyList<Prediction> predictions)
    {
        int[] outside = [.. predictions.Where(p => p.Result.OutOfRange == true).Select(p => p.Index)];
        if (outside.Length > 0)
            Console.WriteLine($"warning: in {outside.Length} of {predictions.Count} inferences a polynomial activation got an input outside of the interval it was fitted on; do not rely on these predictions: samples {string.Join(", ", outside)}\n");
        else if (predictions.Any(p => p.Result.OutOfRange == false))
            Console.WriteLine("range check:                all inputs of polynomial activations were within their intervals");
    }

    private static void PrintSummary(IReadOnlyList<Prediction> predictions)
    {
        Prediction[] labelled = [.. predictions.Where(p => p.Label is not null)];
        if (labelled.Length > 0)
            Console.WriteLine($"correct:                    {labelled.Count(p => Classes.Of([.. p.Result.Output]) == p.Label)} of {labelled.Length}");
        Prediction[] compared = [.. predictions.Where(p => p.FloatClass is not null)];
        if (compared.Length > 0)
            Console.WriteLine($"agreement with float model: {compared.Count(p => Classes.Of([.. p.Result.Output]) == p.FloatClass)} of {compared.Length}");
        if (predictions.Count == 0)
            return;
        PhaseTotals totals = PhaseTotals.Of(predictions[0].Result.Statistics.Messages);
        Console.WriteLine($"per inference               {"from client",14}{"from server",14}{"rounds",8}{"median time",14}");
        PrintPhase("  offline", totals.Offline, predictions.Select(p => p.Result.Statistics.OfflineTime));
        PrintPhase("  online", totals.Online, predictions.Select(p => p.Result.Statistics.OnlineTime));
    }

    private static void PrintPhase(string name, PhaseCost cost, IEnumerable<TimeSpan> times)
    {
        TimeSpan[] sorted = [.. times.Order()];
        Console.WriteLine($"{name,-28}{Quantities.Bytes(cost.ClientBytes),14}{Quantities.Bytes(cost.ServerBytes),14}{cost.Rounds,8}{Quantities.Time(sorted[sorted.Length / 2]),14}");
    }

    private static string ClassName(ExecutionPlan plan, int index)
        => index >= 0 && index < plan.Labels.Length ? plan.Labels[index] : index.ToString(CultureInfo.InvariantCulture);
}
