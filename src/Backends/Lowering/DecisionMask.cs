namespace PrivateInference.Backends.Lowering;

/// <summary>A value of the graph that is made of sign decisions. It exists as part of a product only.</summary>
/// <param name="Decision">The program's index of the deciding value.</param>
/// <param name="Sources">For each element the element of the deciding value whose sign it is.</param>
internal sealed record DecisionMask(int Decision, long[] Sources);
