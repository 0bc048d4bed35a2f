namespace PrivateInference.Runtime.Numerics;

/// <summary>Sums of ciphertexts modulo one prime, for <see cref="NttProducts"/>.</summary>
internal readonly ref struct ProductSums
{
    /// <summary>From the first element of the first sum's body on.</summary>
    public required Span<double> Values { get; init; }

    /// <summary>How many sums.</summary>
    public required int Count { get; init; }

    /// <summary>N.</summary>
    public required int Length { get; init; }

    /// <summary>Elements from one sum to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>Elements from a sum's body to its uniform half.</summary>
    public required int HalfStride { get; init; }
}
