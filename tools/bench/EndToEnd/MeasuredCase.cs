using PrivateInference.IR;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>A plan to run between two processes.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Weights">The server's weights.</param>
/// <param name="InputFile">Samples; the runs take the first ones.</param>
/// <param name="Graph">The float model, where there is one.</param>
internal sealed record MeasuredCase(ExecutionPlan Plan, ModelWeights Weights, string InputFile, Graph? Graph)
{
    public string Name => Plan.Name;
}
