namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The RLWE parameters of one linear step, chosen at compile time from the layer's worst-case noise and checked again
/// when a party loads the plan.
/// </summary>
public sealed record RlweSettings
{
    /// <summary>N: the degree of the cyclotomic polynomial X^N + 1.</summary>
    public required int Degree { get; init; }

    /// <summary>How many of the degree's 36-bit primes make the ciphertext modulus.</summary>
    public required int PrimeCount { get; init; }

    /// <summary>⌈log2⌉ of the bound that every weight row's Euclidean norm obeys; noise is derived from it. Public.</summary>
    public required int WeightNormBits { get; init; }

    /// <summary>The server adds noise uniform in ±2^FloodBits to each returned coefficient.</summary>
    public required int FloodBits { get; init; }
}
