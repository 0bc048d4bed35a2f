using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends;

/// <summary>A protocol that the user wants, whatever is predicted to be faster.</summary>
/// <param name="Step">The step's name in the plan; null for every step that can be computed so and has no override of its own.</param>
/// <param name="Method">The protocol.</param>
public sealed record ProtocolOverride(string? Step, NonLinearMethod Method);
