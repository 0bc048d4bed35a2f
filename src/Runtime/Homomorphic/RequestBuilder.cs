using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Makes request ciphertexts (−(a·s) + e + q·m/t, a) of the client's mask; a comes from a seed. Owns the buffers of one
/// request; one thread.
/// </summary>
internal sealed class RequestBuilder : IDisposable
{
    private readonly RlweClientKeys _keys;
    private readonly ConvolutionPacking _packing;
    private readonly RlweParameters _parameters;
    private readonly PlaintextEncoder _encoder;
    private readonly RlweSampler _sampler;
    private readonly ulong[] _messages;
    private readonly ulong[] _dither;
    private readonly double[] _error;
    private readonly double[] _high;
    private readonly double[] _low;
    private readonly double[] _body;
    private readonly double[] _uniform;
    private readonly byte[] _packed;

    /// <param name="keys">The secret key.</param>
    /// <param name="packing">The layer.</param>
    /// <param name="random">Fresh randomness.</param>
    public RequestBuilder(RlweClientKeys keys, ConvolutionPacking packing, IRandomSource random)
    {
        _keys = keys;
        _packing = packing;
        _parameters = packing.Parameters;
        _encoder = new PlaintextEncoder(_parameters, packing.RingBits);
        _sampler = new RlweSampler(random);
        _messages = new ulong[_parameters.Degree];
        _dither = new ulong[_parameters.Degree];
        _error = new double[_parameters.Degree];
        _high = new double[_parameters.Degree];
        _low = new double[_parameters.Degree];
        _body = new double[_parameters.ResidueCount];
        _uniform = new double[_parameters.ResidueCount];
        _packed = new byte[_parameters.PolynomialBytes];
    }

    /// <summary>The ciphertext that <see cref="Build"/> made, without a.</summary>
    public ReadOnlySpan<byte> Packed => _packed;

    /// <summary>Takes the next a from the expanded seed; ciphertexts go in order, patch by patch.</summary>
    public void Expand(RlweSampler expansion) => _parameters.SampleUniform(expansion, _uniform);

    /// <summary>Makes the request ciphertext of a tile, under the a of <see cref="Expand"/>.</summary>
    public void Build(ReadOnlySpan<ulong> mask, int patch, int inputTile)
    {
        _packing.PackInput(mask, patch, inputTile, _messages);
        _sampler.UniformBits(_dither, _packing.RingBits);
        for (var j = 0; j < _messages.Length; j++)
            _encoder.Encode(_messages[j], _dither[j], out _high[j], out _low[j]);
        _sampler.CenteredBinomial(_error);
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            var residues = _parameters.Residues(_body.AsSpan(), i);
            _error.CopyTo(residues);
            _encoder.AddTo(residues, _high, _low, i);
            NttTransform.Forward(residues, _parameters.Tables[i]);
        }

        _keys.SubtractProduct(_body, _uniform);
        RlweParameters.Pack(_body, _packed);
    }

    /// <summary>Overwrites the messages and the errors.</summary>
    public void Dispose()
    {
        _sampler.Clear();
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_messages.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_error.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_high.AsSpan()));
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_low.AsSpan()));
    }
}
