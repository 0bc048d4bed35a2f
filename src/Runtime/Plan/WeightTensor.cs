using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>A private integer tensor, row-major, at the scale its step implies.</summary>
public sealed record WeightTensor
{
    public required string Name { get; init; }

    public required ImmutableArray<int> Shape { get; init; }

    public required ImmutableArray<long> Elements { get; init; }
}
