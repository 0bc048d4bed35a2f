using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>The private half of a compiled model: integer tensors that never leave the server.</summary>
public sealed record ModelWeights
{
    public required ImmutableArray<WeightTensor> Tensors { get; init; }
}
