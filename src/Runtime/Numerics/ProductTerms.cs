namespace PrivateInference.Runtime.Numerics;

/// <summary>Interleaved ciphertexts modulo one prime, of which some are multiplied, for <see cref="NttProducts"/>.</summary>
internal readonly ref struct ProductTerms
{
    /// <summary>N elements of each of the ciphertexts' bodies.</summary>
    public required ReadOnlySpan<double> Bodies { get; init; }

    /// <summary>Likewise of their uniform halves.</summary>
    public required ReadOnlySpan<double> Uniforms { get; init; }

    /// <summary>How many ciphertexts are interleaved.</summary>
    public required int Total { get; init; }

    /// <summary>The first that is multiplied.</summary>
    public required int First { get; init; }

    /// <summary>How many are.</summary>
    public required int Count { get; init; }

    /// <summary>Where element <paramref name="i"/> of the first that is multiplied lies; that of the next is <see cref="NttProducts.Lanes"/> further.</summary>
    public int Place(int i) => (i / NttProducts.Lanes * NttProducts.Lanes * Total) + (First * NttProducts.Lanes) + (i % NttProducts.Lanes);
}
