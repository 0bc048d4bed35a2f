using System.Collections.Immutable;

namespace PrivateInference.IR.Execution;

/// <summary>Sample inputs of a model, each of the graph input's type: what it is expected to see.</summary>
public sealed record CalibrationData(ImmutableArray<Tensor> Samples);
