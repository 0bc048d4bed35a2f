using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Computes response ciphertexts from request ciphertexts. Owns what that takes; one thread.</summary>
internal sealed class AnswerWorker
{
    private readonly ConvolutionPacking _packing;
    private readonly ProductAccumulator _products;
    private readonly ResponseBuilder _builder;
    private readonly int[] _coefficients;
    private readonly int[] _indices;
    private readonly ulong[] _mask;

    /// <param name="weights">The layer's.</param>
    /// <param name="key">The client's.</param>
    /// <param name="random">Fresh randomness, of this worker alone.</param>
    /// <param name="patches">How many patches are answered at once.</param>
    public AnswerWorker(PreparedWeights weights, RlwePublicKey key, IRandomSource random, int patches)
    {
        _packing = weights.Packing;
        _products = new ProductAccumulator(weights, patches);
        _builder = new ResponseBuilder(_packing, key, random);
        _coefficients = new int[_packing.Parameters.Degree];
        _indices = new int[_packing.Parameters.Degree];
        _mask = new ulong[_packing.Parameters.Degree];
    }

    /// <summary>Writes the response ciphertexts of a block, for some patches, to their places in those patches' part of the response.</summary>
    public void Answer(
        PatchCiphertexts ciphertexts, int firstPatch, int patches, OutputBlock block, ReadOnlySpan<ulong> mask, ResponseLayout layout, Span<byte> response)
    {
        _products.Sum(ciphertexts, patches, block);
        for (var patch = 0; patch < patches; patch++)
        {
            for (var tile = block.First; tile < block.First + block.Count; tile++)
            {
                var count = _packing.CountOutputs(firstPatch + patch, tile);
                var coefficients = _coefficients.AsSpan(0, count);
                var indices = _indices.AsSpan(0, count);
                _packing.LocateOutputs(firstPatch + patch, tile, coefficients, indices);
                for (var i = 0; i < count; i++)
                    _mask[i] = mask[indices[i]];
                var ciphertext = layout.Of(firstPatch + patch, tile, firstPatch, response);
                _builder.Write(_products.Body(patch, block, tile), _products.Uniform(patch, block, tile), coefficients, _mask.AsSpan(0, count), ciphertext);
            }
        }
    }
}
