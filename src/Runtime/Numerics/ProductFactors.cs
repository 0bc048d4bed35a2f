namespace PrivateInference.Runtime.Numerics;

/// <summary>The factors of sums of products modulo one prime, for <see cref="NttProducts"/>.</summary>
internal readonly ref struct ProductFactors
{
    /// <summary>Canonical values, from the first factor on, with <see cref="NttProducts.Padding"/> elements behind the last.</summary>
    public required ReadOnlySpan<double> Values { get; init; }

    /// <summary>r: each value stands for so many neighbours, a power of two.</summary>
    public required int Repetition { get; init; }

    /// <summary>Elements from a sum's factor of one ciphertext to that of the next.</summary>
    public required int TermStride { get; init; }

    /// <summary>Elements from a ciphertext's factor for one sum to that for the next.</summary>
    public required int SumStride { get; init; }
}
