namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Neighbouring request ciphertexts of a patch.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many, at least one.</param>
internal readonly record struct TileRange(int First, int Count);
