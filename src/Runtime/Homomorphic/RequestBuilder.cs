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
    private readonly RlweSampler _expansion;
    private readonly ulong[] _messages;
    private readonly ulong[] _dither;
    private readonly double[] _error;
    private readonly double[] _high;
    private readonly double[] _low;
    private readonly double[] _body;
    private readonly double[] _uniform;

    /// <param name="keys">The secret key.</param>
    /// <param name="packing">The layer.</param>
    /// <param name="random">Fresh randomness.</param>
    /// <param name="expansion">The expanded seed that the request starts with.</param>
    public RequestBuilder(RlweClientKeys keys, ConvolutionPacking packing, IRandomSource random, IRandomSource expansion)
    {
        _keys = keys;
        _packing = packing;
        _parameters = packing.Parameters;
        _encoder = new PlaintextEncoder(_parameters, packing.RingBits);
        _sampler = new RlweSampler(random);
        _expansion = new RlweSampler(expansion);
        _messages = new ulong[_parameters.Degree];
        _dither = new ulong[_parameters.Degree];
        _error = new double[_parameters.Degree];
        _high = new double[_parameters.Degree];
        _low = new double[_parameters.Degree];
        _body = new double[_parameters.ResidueCount];
        _uniform = new double[_parameters.ResidueCount];
    }

    /// <summary>Writes the request ciphertext of the next tile, without a; tiles go in order, patch by patch.</summary>
    public void Write(ReadOnlySpan<ulong> mask, int patch, int inputTile, Span<byte> destination)
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

        _parameters.SampleUniform(_expansion, _uniform);
        _keys.SubtractProduct(_body, _uniform);
        RlweParameters.Pack(_body, destination);
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
