using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Makes response ciphertexts: the product with the weights, plus an encryption of zero under the client's public key,
/// minus the mask, flooded and compressed. Owns the buffers of one evaluation; one thread.
/// </summary>
internal sealed class ResponseBuilder
{
    /// <summary>Products after which a sum is reduced to stay within the lazy bound.</summary>
    private const int ReductionInterval = 2048;

    private readonly PreparedWeights _weights;
    private readonly ConvolutionPacking _packing;
    private readonly RlweParameters _parameters;
    private readonly RlwePublicKey _key;
    private readonly RlweSampler _sampler;
    private readonly FloodNoise _flood;
    private readonly PlaintextEncoder _encoder;
    private readonly FractionWriter _fractions;
    private readonly double[] _body;
    private readonly double[] _uniform;
    private readonly double[] _scratch;
    private readonly double[] _outputs;
    private readonly double[] _high;
    private readonly double[] _low;
    private readonly long[] _integers;

    public ResponseBuilder(PreparedWeights weights, RlwePublicKey key, IRandomSource random)
    {
        _weights = weights;
        _packing = weights.Packing;
        _parameters = _packing.Parameters;
        _key = key;
        _sampler = new RlweSampler(random);
        _flood = new FloodNoise(_parameters, _packing.Settings.FloodBits);
        _encoder = new PlaintextEncoder(_parameters, _packing.RingBits);
        _fractions = new FractionWriter(_parameters);
        _body = new double[_parameters.ResidueCount];
        _uniform = new double[_parameters.ResidueCount];
        _scratch = new double[_parameters.ResidueCount];
        _outputs = new double[_parameters.ResidueCount];
        _high = new double[_parameters.Degree];
        _low = new double[_parameters.Degree];
        _integers = new long[_parameters.Degree];
    }

    /// <summary>Writes the response ciphertext of one output tile.</summary>
    /// <param name="bodies">c0 of the patch's request ciphertexts, one after the other, transformed.</param>
    /// <param name="uniforms">c1 alike.</param>
    /// <param name="outputTile">The tile.</param>
    /// <param name="coefficients">The coefficients that hold outputs.</param>
    /// <param name="mask">What is subtracted from each of them.</param>
    /// <param name="destination">Gets the ciphertext.</param>
    public void Write(
        ReadOnlySpan<double> bodies,
        ReadOnlySpan<double> uniforms,
        int outputTile,
        ReadOnlySpan<int> coefficients,
        ReadOnlySpan<ulong> mask,
        Span<byte> destination)
    {
        SumProducts(bodies, uniforms, outputTile);
        AddEncryptionOfZero();
        GatherOutputs(coefficients);
        SubtractMask(mask);
        _flood.AddTo(_outputs, coefficients.Length, _sampler);
        var writer = new BitWriter(destination);
        _fractions.Write(_outputs, coefficients.Length, _packing.Precision.BodyBits, ref writer);
        _fractions.Write(_uniform, _parameters.Degree, _packing.Precision.UniformBits, ref writer);
        writer.Flush();
    }

    private void SumProducts(ReadOnlySpan<double> bodies, ReadOnlySpan<double> uniforms, int outputTile)
    {
        _body.AsSpan().Clear();
        _uniform.AsSpan().Clear();
        for (var tile = 0; tile < _packing.InputTiles; tile++)
        {
            if (!_packing.HasWeights(tile, outputTile))
                continue;
            var weights = _weights.Get(tile, outputTile, _integers, _scratch);
            AddProducts(weights, bodies[(tile * weights.Length)..], uniforms[(tile * weights.Length)..]);
            if (tile % ReductionInterval == ReductionInterval - 1)
                Reduce();
        }
    }

    /// <summary>Adds (pk0·u, pk1·u + e1) with a fresh ternary u; e0 is the flood. Leaves coefficients instead of values.</summary>
    private void AddEncryptionOfZero()
    {
        _sampler.Ternary(_high);
        _parameters.TransformSmall(_high, _scratch);
        AddProducts(_scratch, _key.Body, _key.Uniform);
        _sampler.CenteredBinomial(_high);
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            NttTransform.Inverse(_parameters.Residues(_body.AsSpan(), i), _parameters.Tables[i]);
            var uniform = _parameters.Residues(_uniform.AsSpan(), i);
            NttTransform.Inverse(uniform, _parameters.Tables[i]);
            for (var j = 0; j < uniform.Length; j++)
                uniform[j] += _high[j];
        }
    }

    private void GatherOutputs(ReadOnlySpan<int> coefficients)
    {
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            var body = _parameters.Residues(_body.AsSpan(), i);
            var outputs = _outputs.AsSpan(i * coefficients.Length, coefficients.Length);
            for (var j = 0; j < outputs.Length; j++)
                outputs[j] = body[coefficients[j]];
        }
    }

    private void SubtractMask(ReadOnlySpan<ulong> mask)
    {
        for (var j = 0; j < mask.Length; j++)
            _encoder.Encode(0UL - mask[j], _encoder.Half, out _high[j], out _low[j]);
        for (var i = 0; i < _parameters.PrimeCount; i++)
            _encoder.AddTo(_outputs.AsSpan(i * mask.Length, mask.Length), _high.AsSpan(0, mask.Length), _low.AsSpan(0, mask.Length), i);
    }

    private void AddProducts(ReadOnlySpan<double> factor, ReadOnlySpan<double> body, ReadOnlySpan<double> uniform)
    {
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            var modulus = _parameters.Tables[i].Modulus;
            var residues = _parameters.Residues(factor, i);
            NttArithmetic.MultiplyAdd(_parameters.Residues(_body.AsSpan(), i), _parameters.Residues(body, i), residues, modulus);
            NttArithmetic.MultiplyAdd(_parameters.Residues(_uniform.AsSpan(), i), _parameters.Residues(uniform, i), residues, modulus);
        }
    }

    private void Reduce()
    {
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            NttArithmetic.Canonicalize(_parameters.Residues(_body.AsSpan(), i), _parameters.Tables[i].Modulus);
            NttArithmetic.Canonicalize(_parameters.Residues(_uniform.AsSpan(), i), _parameters.Tables[i].Modulus);
        }
    }
}
