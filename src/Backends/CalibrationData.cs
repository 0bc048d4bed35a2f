using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Backends;

/// <summary>Sample inputs of the model, each of the graph input's type.</summary>
public sealed record CalibrationData(ImmutableArray<Tensor> Samples);
