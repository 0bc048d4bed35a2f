namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The primes of every ciphertext modulus: the six largest below 2^36 that are 1 modulo 16384, so that each has a
/// primitive 2N-th root of unity for both ring dimensions, N = 4096 and N = 8192.
/// </summary>
public static class NttPrimes
{
    /// <summary>Bits of a residue on the wire.</summary>
    public const int Bits = 36;

    /// <summary>The primes, in the order in which a modulus takes them.</summary>
    public static ReadOnlySpan<ulong> All =>
        [68719230977, 68718428161, 68718346241, 68717740033, 68717592577, 68717363201];
}
