using System.Buffers;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// The request ciphertexts of some patches, as <see cref="NttProducts"/> takes them, in pooled memory that disposal gives
/// back.
/// </summary>
internal sealed class PatchCiphertexts : IDisposable
{
    private readonly ConvolutionPacking _packing;
    private readonly int _patchLength;
    private readonly double[] _bodies;
    private readonly double[] _uniforms;
    private readonly double[] _polynomial;
    private readonly byte[] _packed;

    /// <param name="packing">The layer.</param>
    /// <param name="patches">How many patches fit.</param>
    public PatchCiphertexts(ConvolutionPacking packing, int patches)
    {
        _packing = packing;
        _patchLength = packing.InputTiles * packing.Parameters.ResidueCount;
        _bodies = ArrayPool<double>.Shared.Rent(patches * _patchLength);
        _uniforms = ArrayPool<double>.Shared.Rent(patches * _patchLength);
        _polynomial = new double[packing.Parameters.ResidueCount];
        _packed = new byte[packing.Parameters.PolynomialBytes];
    }

    /// <summary>Receives one patch's ciphertexts.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="channel">Where from.</param>
    /// <param name="expansion">The expanded seed of the uniform halves.</param>
    /// <exception cref="PeerProtocolException">A residue is out of range, or the channel failed.</exception>
    public void Receive(int index, IChannel channel, RlweSampler expansion)
    {
        var parameters = _packing.Parameters;
        for (var tile = 0; tile < _packing.InputTiles; tile++)
        {
            channel.Receive(_packed);
            if (!parameters.TryUnpack(_packed, _polynomial))
                throw new PeerProtocolException("The peer sent a ciphertext with a residue that is not below its prime.");
            Interleave(tile, _bodies.AsSpan(index * _patchLength, _patchLength));
            parameters.SampleUniform(expansion, _polynomial);
            Interleave(tile, _uniforms.AsSpan(index * _patchLength, _patchLength));
        }
    }

    /// <summary>Some ciphertexts of a patch, modulo one prime.</summary>
    public ProductTerms Terms(int index, TileRange inputs, int prime)
    {
        var length = _packing.InputTiles * _packing.Parameters.Degree;
        var start = (index * _patchLength) + (prime * length);
        return new ProductTerms
        {
            Bodies = _bodies.AsSpan(start, length),
            Uniforms = _uniforms.AsSpan(start, length),
            Total = _packing.InputTiles,
            First = inputs.First,
            Count = inputs.Count,
        };
    }

    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_bodies);
        ArrayPool<double>.Shared.Return(_uniforms);
    }

    private void Interleave(int tile, Span<double> patch)
    {
        var length = _packing.InputTiles * _packing.Parameters.Degree;
        for (var i = 0; i < _packing.Parameters.PrimeCount; i++)
            NttProducts.Interleave(_packing.Parameters.Residues(_polynomial.AsSpan(), i), tile, _packing.InputTiles, patch.Slice(i * length, length));
    }
}
