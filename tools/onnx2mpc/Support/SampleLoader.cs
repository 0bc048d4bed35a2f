using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Support;

/// <summary>Opens data files for the input of a model or a plan.</summary>
internal static class SampleLoader
{
    public static Dataset ForPlan(string path, ExecutionPlan plan)
        => Dataset.Open(path, TensorType.Float(plan.Values[plan.Steps[0].Output].Shape.AsSpan()));

    public static Dataset ForGraph(string path, Graph graph) => Dataset.Open(path, graph.Inputs[0].Type);

    /// <summary>Every sample of a file, for passes and ranges.</summary>
    public static CalibrationData Calibration(string path, Graph graph) => new([.. ForGraph(path, graph).Select(s => s.Input)]);
}
