using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan;

/// <summary>What the model returns: row-major elements; indices where the model ends with an arg-max.</summary>
public sealed record DecodedOutput(ImmutableArray<int> Shape, ImmutableArray<float> Elements);
