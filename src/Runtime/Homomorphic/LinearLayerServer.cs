using System.Buffers;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The server's side of a linear layer's offline phase: from encryptions of the client's mask r to one of W·r − s. Holds no
/// state of a session; any number of threads may evaluate at once.
/// </summary>
public sealed class LinearLayerServer(PreparedWeights weights)
{
    private readonly ConvolutionPacking _packing = weights.Packing;

    /// <summary>
    /// Receives a request, <see cref="ConvolutionPacking.RequestBytes"/> bytes, and computes the answer of
    /// <see cref="ConvolutionPacking.ResponseBytes"/> bytes, which the caller sends and disposes.
    /// </summary>
    /// <param name="key">The client's public key, of the layer's parameters.</param>
    /// <param name="channel">Where the request comes from.</param>
    /// <param name="mask">s: the server's share of the output N×M×H×W; ring elements.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <exception cref="PeerProtocolException">The request has a residue out of range, or the channel failed.</exception>
    /// <exception cref="ArgumentException">The mask or the key is not of this layer.</exception>
    public PooledResponse Evaluate(RlwePublicKey key, IChannel channel, ReadOnlySpan<ulong> mask, IRandomSource random)
    {
        if (mask.Length != _packing.Geometry.OutputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.OutputCount} outputs; the mask {mask.Length}.", nameof(mask));
        if (key.Parameters != _packing.Parameters)
            throw new ArgumentException("The public key is of other parameters than the layer.", nameof(key));

        var requestElements = _packing.InputTiles * _packing.Parameters.ResidueCount;
        var bodies = ArrayPool<double>.Shared.Rent(requestElements);
        var uniforms = ArrayPool<double>.Shared.Rent(requestElements);
        var response = new PooledResponse(checked((int)_packing.ResponseBytes));
        try
        {
            Evaluate(key, channel, mask, random, bodies.AsSpan(0, requestElements), uniforms.AsSpan(0, requestElements), response.Writable);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(bodies);
            ArrayPool<double>.Shared.Return(uniforms);
        }
    }

    private void Evaluate(
        RlwePublicKey key,
        IChannel channel,
        ReadOnlySpan<ulong> mask,
        IRandomSource random,
        Span<double> bodies,
        Span<double> uniforms,
        Span<byte> response)
    {
        Span<byte> seed = stackalloc byte[Block.Size];
        channel.Receive(seed);
        AesCtrGenerator expander = new(Block.Read(seed));
        var expansion = new RlweSampler(expander);
        var builder = new ResponseBuilder(weights, key, random);
        var packed = new byte[_packing.Parameters.PolynomialBytes];
        var coefficients = new int[_packing.Parameters.Degree];
        var indices = new int[_packing.Parameters.Degree];
        var patchMask = new ulong[_packing.Parameters.Degree];
        for (var patch = 0; patch < _packing.Patches; patch++)
        {
            ReceivePatch(channel, expansion, packed, bodies, uniforms);
            for (var tile = 0; tile < _packing.OutputTiles; tile++)
            {
                var count = _packing.CountOutputs(patch, tile);
                _packing.LocateOutputs(patch, tile, coefficients.AsSpan(0, count), indices.AsSpan(0, count));
                for (var i = 0; i < count; i++)
                    patchMask[i] = mask[indices[i]];
                var ciphertext = response[.._packing.CiphertextBytes(count)];
                builder.Write(bodies, uniforms, tile, coefficients.AsSpan(0, count), patchMask.AsSpan(0, count), ciphertext);
                response = response[ciphertext.Length..];
            }
        }
    }

    private void ReceivePatch(IChannel channel, RlweSampler expansion, Span<byte> packed, Span<double> bodies, Span<double> uniforms)
    {
        var parameters = _packing.Parameters;
        for (var tile = 0; tile < _packing.InputTiles; tile++)
        {
            channel.Receive(packed);
            if (!parameters.TryUnpack(packed, bodies.Slice(tile * parameters.ResidueCount, parameters.ResidueCount)))
                throw new PeerProtocolException("The peer sent a ciphertext with a residue that is not below its prime.");
            parameters.SampleUniform(expansion, uniforms.Slice(tile * parameters.ResidueCount, parameters.ResidueCount));
        }
    }
}
