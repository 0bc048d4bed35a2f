namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// How a response ciphertext (c0, c1) is compressed: coefficients modulo q become the nearest multiples of q/2^bits, and
/// the multipliers travel.
/// </summary>
/// <param name="BodyBits">Bits of a coefficient of c0; only coefficients that hold an output are sent.</param>
/// <param name="UniformBits">Bits of a coefficient of c1; all N are sent.</param>
internal readonly record struct ResponsePrecision(int BodyBits, int UniformBits);
