using System.Collections.Immutable;
using PrivateInference.Backends.Diagnostics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends;

/// <summary>The result of a compilation: a public plan and private weights.</summary>
/// <param name="Plan">What both parties know.</param>
/// <param name="Weights">What only the server has.</param>
/// <param name="Calibration">How the plan did on the calibration samples; null without calibration.</param>
public sealed record CompiledModel(ExecutionPlan Plan, ModelWeights Weights, CalibrationResult? Calibration)
{
    /// <summary>What is no reason to refuse the model, and should be known before it is used.</summary>
    public ImmutableArray<CompileDiagnostic> Warnings { get; init; } = [];
}
