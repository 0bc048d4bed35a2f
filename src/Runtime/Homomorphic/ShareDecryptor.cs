using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Decrypts response ciphertexts. Owns what that takes; one thread.</summary>
internal sealed class ShareDecryptor : IDisposable
{
    private readonly ConvolutionPacking _packing;
    private readonly SecretMultiplier _multiplier;
    private readonly byte[] _packed;
    private readonly int[] _coefficients;
    private readonly int[] _indices;
    private readonly UInt128[] _fractions;
    private readonly UInt128[] _products;

    public ShareDecryptor(RlweClientKeys keys, ConvolutionPacking packing)
    {
        _packing = packing;
        _multiplier = new SecretMultiplier(keys, packing.Precision.UniformBits);
        var degree = packing.Parameters.Degree;
        _packed = new byte[packing.CiphertextBytes(degree)];
        _coefficients = new int[degree];
        _indices = new int[degree];
        _fractions = new UInt128[degree];
        _products = new UInt128[degree];
    }

    /// <summary>Where a ciphertext's bytes go before <see cref="Decrypt"/>.</summary>
    public Span<byte> Packed(int patch, int tile) => _packed.AsSpan(0, _packing.CiphertextBytes(_packing.CountOutputs(patch, tile)));

    /// <summary>Writes a ciphertext's outputs modulo 2^ℓ to their places in the share.</summary>
    public void Decrypt(int patch, int tile, Span<ulong> share)
    {
        var half = UInt128.One << (127 - _packing.RingBits);
        var count = DecryptCiphertext(patch, tile);
        for (var j = 0; j < count; j++)
            share[_indices[j]] = (ulong)((_fractions[j] + half) >> (128 - _packing.RingBits));
    }

    /// <summary>As <see cref="Decrypt"/>, before rounding: outputs and noise as fractions of q in 128-bit fixed point.</summary>
    public void DecryptFractions(int patch, int tile, Span<UInt128> fractions)
    {
        var count = DecryptCiphertext(patch, tile);
        for (var j = 0; j < count; j++)
            fractions[_indices[j]] = _fractions[j];
    }

    public void Dispose()
    {
        _multiplier.Dispose();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_fractions.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_products.AsSpan()));
    }

    /// <summary>Leaves (c0 + c1·s)/q modulo 1 of each output in the buffers; returns how many.</summary>
    private int DecryptCiphertext(int patch, int tile)
    {
        var precision = _packing.Precision;
        var count = _packing.CountOutputs(patch, tile);
        _packing.LocateOutputs(patch, tile, _coefficients.AsSpan(0, count), _indices.AsSpan(0, count));
        var reader = new BitReader(Packed(patch, tile));
        for (var j = 0; j < count; j++)
            _fractions[j] = reader.ReadWide(precision.BodyBits) << (128 - precision.BodyBits);
        _multiplier.Multiply(ref reader, _coefficients.AsSpan(0, count), _products.AsSpan(0, count));
        for (var j = 0; j < count; j++)
            _fractions[j] -= _products[j] << (128 - precision.UniformBits);
        return count;
    }
}
