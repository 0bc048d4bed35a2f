using PrivateInference.CommandLine.Output;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>Opens data files for the input of a model or a plan, and says what is done to make them fit.</summary>
internal static class SampleLoader
{
    public static Dataset ForPlan(string path, ExecutionPlan plan, DataOptions options, ProgressLog log)
        => Open(path, TensorType.Float(plan.Values[plan.Steps[0].Output].Shape.AsSpan()), options, log);

    public static Dataset ForGraph(string path, Graph graph, DataOptions options, ProgressLog log) => Open(path, graph.Inputs[0].Type, options, log);

    private static Dataset Open(string path, TensorType type, DataOptions options, ProgressLog log)
    {
        Dataset data = Dataset.Open(path, type, options);
        foreach (string conversion in data.Conversions)
            log.Say($"  {path}: {conversion}");
        return data;
    }
}
