using PrivateInference.Backends.Reports;
using PrivateInference.CommandLine.Output;
using PrivateInference.Frontend.Data;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>How well plans classify the same samples, by their clear execution, which the secure one equals bit for bit.</summary>
internal static class PlanAccuracy
{
    /// <summary>Against the samples' labels; without labels, against what the first plan predicts.</summary>
    /// <param name="planPaths">The plans, with their weights beside them.</param>
    /// <param name="plans">The same, loaded.</param>
    /// <param name="data">Samples for each plan.</param>
    /// <param name="limit">How many of them to use at most.</param>
    /// <param name="log">Is told how far it has come.</param>
    /// <exception cref="UsageException">A plan's output names no class.</exception>
    public static IReadOnlyList<ReportedAccuracy> Of(
        IReadOnlyList<string> planPaths, IReadOnlyList<ExecutionPlan> plans, Func<ExecutionPlan, Dataset> data, int? limit, ProgressLog log)
    {
        if (plans.FirstOrDefault(p => !Classes.IsClassification(p)) is { } other)
            throw new UsageException($"--data measures accuracy, and plan '{other.Name}' is no classifier; compare its output with 'onnx2mpc verify'.");
        List<int[]> predicted = [];
        int?[] labels = [];
        for (int i = 0; i < plans.Count; i++)
        {
            Dataset samples = data(plans[i]);
            int count = Math.Min(samples.Count, limit ?? int.MaxValue);
            ModelWeights weights = WeightsSerializer.Load(Path.ChangeExtension(planPaths[i], ".weights"), plans[i]);
            labels = [.. Enumerable.Range(0, count).Select(s => samples[s].Label)];
            predicted.Add(log.Measure($"accuracy of {planPaths[i]}", () => Predict(plans[i], weights, samples, count)));
        }

        bool labelled = labels.All(l => l is not null);
        int[] expected = labelled ? [.. labels.Select(l => l!.Value)] : predicted[0];
        return [.. predicted.Select(p => new ReportedAccuracy(p.Length, labelled ? "labels" : "what the first plan predicts", Part(p, expected), Model: null))];
    }

    private static int[] Predict(ExecutionPlan plan, ModelWeights weights, Dataset samples, int count)
    {
        int[] classes = new int[count];
        Parallel.For(0, count, () => new FixedPointInterpreter(plan, weights), (i, _, interpreter) =>
        {
            classes[i] = Classes.Of(interpreter.Infer(samples[i].Input.Floats).Elements.AsSpan());
            return interpreter;
        }, _ => { });
        return classes;
    }

    private static double Part(int[] predicted, int[] expected)
        => predicted.Length == 0 ? 1 : predicted.Where((p, i) => p == expected[i]).Count() / (double)predicted.Length;
}
