using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Neighbouring response ciphertexts that meet the same request ciphertexts, so that their sums share a pass.</summary>
/// <param name="First">The first response ciphertext's tile.</param>
/// <param name="Count">How many, at most <see cref="NttProducts.Sums"/>.</param>
/// <param name="Inputs">The request ciphertexts.</param>
internal readonly record struct OutputBlock(int First, int Count, TileRange Inputs)
{
    /// <summary>The blocks of a layer, in order.</summary>
    public static IEnumerable<OutputBlock> Of(ConvolutionPacking packing)
    {
        for (var first = 0; first < packing.OutputTiles;)
        {
            var inputs = packing.InputsOf(first);
            var count = 1;
            while (count < NttProducts.Sums && first + count < packing.OutputTiles && packing.InputsOf(first + count) == inputs)
                count++;
            yield return new OutputBlock(first, count, inputs);
            first += count;
        }
    }
}
