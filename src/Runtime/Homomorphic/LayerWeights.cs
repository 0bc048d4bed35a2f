namespace PrivateInference.Runtime.Homomorphic;

/// <summary>A linear layer's integer weights, not yet transformed.</summary>
/// <param name="Packing">The layer.</param>
/// <param name="Integers">M×(C/groups)×kh×kw.</param>
internal sealed record LayerWeights(ConvolutionPacking Packing, ReadOnlyMemory<long> Integers)
{
    /// <summary>Elements of the transformed weights.</summary>
    public int TransformedLength => checked((int)(PreparedWeights.BytesOf(Packing) / sizeof(double)));
}
