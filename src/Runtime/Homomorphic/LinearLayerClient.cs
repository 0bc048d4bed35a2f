using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The client's side of a linear layer's offline phase: encrypts its mask r of the layer's input and decrypts its share
/// W·r − s of the output. One thread at a time.
/// </summary>
public sealed class LinearLayerClient : IDisposable
{
    private readonly RlweClientKeys _keys;
    private readonly ConvolutionPacking _packing;
    private readonly RlweParameters _parameters;
    private readonly SecretMultiplier _multiplier;
    private readonly int[] _coefficients;
    private readonly int[] _indices;
    private readonly UInt128[] _fractions;
    private readonly UInt128[] _products;

    /// <exception cref="ArgumentException">The keys are of other parameters than the layer.</exception>
    public LinearLayerClient(RlweClientKeys keys, ConvolutionPacking packing)
    {
        if (keys.Parameters != packing.Parameters)
            throw new ArgumentException("The keys are of other parameters than the layer.", nameof(keys));
        _keys = keys;
        _packing = packing;
        _parameters = packing.Parameters;
        _multiplier = new SecretMultiplier(keys, packing.Precision.UniformBits);
        _coefficients = new int[_parameters.Degree];
        _indices = new int[_parameters.Degree];
        _fractions = new UInt128[_parameters.Degree];
        _products = new UInt128[_parameters.Degree];
    }

    /// <summary>Sends encryptions of r, <see cref="ConvolutionPacking.RequestBytes"/> bytes.</summary>
    /// <param name="mask">r: the client's share of the input N×C×H×W; ring elements.</param>
    /// <param name="channel">Where to.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <exception cref="ArgumentException">The mask is not of the layer's input.</exception>
    public void EncryptMask(ReadOnlySpan<ulong> mask, IChannel channel, IRandomSource random)
    {
        if (mask.Length != _packing.Geometry.InputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.InputCount} inputs; the mask {mask.Length}.", nameof(mask));
        Span<byte> seed = stackalloc byte[Block.Size];
        random.Fill(seed);
        channel.Send(seed);
        AesCtrGenerator expander = new(Block.Read(seed));
        using var builder = new RequestBuilder(_keys, _packing, random, expander);
        var packed = new byte[_parameters.PolynomialBytes];
        for (var patch = 0; patch < _packing.Patches; patch++)
        {
            for (var tile = 0; tile < _packing.InputTiles; tile++)
            {
                builder.Write(mask, patch, tile, packed);
                channel.Send(packed);
            }
        }
    }

    /// <summary>Receives the answer, <see cref="ConvolutionPacking.ResponseBytes"/> bytes.</summary>
    /// <param name="channel">Where from.</param>
    /// <param name="share">Gets (W·r − s) mod 2^ℓ, N×M×H×W.</param>
    /// <exception cref="PeerProtocolException">The channel failed.</exception>
    /// <exception cref="ArgumentException">The share is not of the layer's output.</exception>
    public void DecryptShare(IChannel channel, Span<ulong> share)
    {
        if (share.Length != _packing.Geometry.OutputCount)
            throw new ArgumentException($"The layer has {_packing.Geometry.OutputCount} outputs; the share {share.Length}.", nameof(share));
        var half = UInt128.One << (127 - _packing.RingBits);
        var packed = new byte[_packing.CiphertextBytes(_parameters.Degree)];
        for (var patch = 0; patch < _packing.Patches; patch++)
        {
            for (var tile = 0; tile < _packing.OutputTiles; tile++)
            {
                var count = DecryptCiphertext(patch, tile, channel, packed);
                for (var j = 0; j < count; j++)
                    share[_indices[j]] = (ulong)((_fractions[j] + half) >> (128 - _packing.RingBits));
            }
        }
    }

    /// <summary>As <see cref="DecryptShare"/>, before rounding: outputs and noise as fractions of q in 128-bit fixed point.</summary>
    internal void DecryptFractions(IChannel channel, Span<UInt128> fractions)
    {
        var packed = new byte[_packing.CiphertextBytes(_parameters.Degree)];
        for (var patch = 0; patch < _packing.Patches; patch++)
        {
            for (var tile = 0; tile < _packing.OutputTiles; tile++)
            {
                var count = DecryptCiphertext(patch, tile, channel, packed);
                for (var j = 0; j < count; j++)
                    fractions[_indices[j]] = _fractions[j];
            }
        }
    }

    public void Dispose()
    {
        _multiplier.Dispose();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_fractions.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_products.AsSpan()));
    }

    /// <summary>Leaves (c0 + c1·s)/q modulo 1 of each output in the buffers; returns how many.</summary>
    private int DecryptCiphertext(int patch, int tile, IChannel channel, byte[] buffer)
    {
        var precision = _packing.Precision;
        var count = _packing.CountOutputs(patch, tile);
        var packed = buffer.AsSpan(0, _packing.CiphertextBytes(count));
        channel.Receive(packed);
        _packing.LocateOutputs(patch, tile, _coefficients.AsSpan(0, count), _indices.AsSpan(0, count));
        var reader = new BitReader(packed);
        for (var j = 0; j < count; j++)
            _fractions[j] = reader.ReadWide(precision.BodyBits) << (128 - precision.BodyBits);
        _multiplier.Multiply(ref reader, _coefficients.AsSpan(0, count), _products.AsSpan(0, count));
        for (var j = 0; j < count; j++)
            _fractions[j] -= _products[j] << (128 - precision.UniformBits);
        return count;
    }
}
