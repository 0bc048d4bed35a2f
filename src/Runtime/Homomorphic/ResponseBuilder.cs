using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Makes response ciphertexts: a sum of products with the weights, plus an encryption of zero under the client's public
/// key, minus the mask, flooded and compressed. Owns the buffers of one evaluation; one thread.
/// </summary>
internal sealed class ResponseBuilder
{
    private readonly ConvolutionPacking _packing;
    private readonly RlweParameters _parameters;
    private readonly RlwePublicKey _key;
    private readonly RlweSampler _sampler;
    private readonly FloodNoise _flood;
    private readonly PlaintextEncoder _encoder;
    private readonly FractionWriter _fractions;
    private readonly double[] _scratch;
    private readonly double[] _outputs;
    private readonly double[] _high;
    private readonly double[] _low;

    public ResponseBuilder(ConvolutionPacking packing, RlwePublicKey key, IRandomSource random)
    {
        _packing = packing;
        _parameters = _packing.Parameters;
        _key = key;
        _sampler = new RlweSampler(random);
        _flood = new FloodNoise(_parameters, _packing.Settings.FloodBits);
        _encoder = new PlaintextEncoder(_parameters, _packing.RingBits);
        _fractions = new FractionWriter(_parameters);
        _scratch = new double[_parameters.ResidueCount];
        _outputs = new double[_parameters.ResidueCount];
        _high = new double[_parameters.Degree];
        _low = new double[_parameters.Degree];
    }

    /// <summary>Writes the response ciphertext of one output tile.</summary>
    /// <param name="body">The products' sum, its body; transformed. Is overwritten.</param>
    /// <param name="uniform">Its uniform half, likewise.</param>
    /// <param name="coefficients">The coefficients that hold outputs.</param>
    /// <param name="mask">What is subtracted from each of them.</param>
    /// <param name="destination">Gets the ciphertext.</param>
    public void Write(
        Span<double> body, Span<double> uniform, ReadOnlySpan<int> coefficients, ReadOnlySpan<ulong> mask, Span<byte> destination)
    {
        AddEncryptionOfZero(body, uniform);
        GatherOutputs(body, coefficients);
        SubtractMask(mask);
        _flood.AddTo(_outputs, coefficients.Length, _sampler);
        var writer = new BitWriter(destination);
        _fractions.Write(_outputs, coefficients.Length, _packing.Precision.BodyBits, ref writer);
        _fractions.Write(uniform, _parameters.Degree, _packing.Precision.UniformBits, ref writer);
        writer.Flush();
    }

    /// <summary>Adds (pk0·u, pk1·u + e1) with a fresh ternary u; e0 is the flood. Leaves coefficients instead of values.</summary>
    private void AddEncryptionOfZero(Span<double> body, Span<double> uniform)
    {
        _sampler.Ternary(_high);
        _parameters.TransformSmall(_high, _scratch);
        _sampler.CenteredBinomial(_high);
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            var table = _parameters.Tables[i];
            var bodies = _parameters.Residues(body, i);
            var uniforms = _parameters.Residues(uniform, i);
            var factor = _parameters.Residues(_scratch.AsSpan(), i);
            NttArithmetic.MultiplyAdd(bodies, _parameters.Residues(_key.Body, i), factor, table.Modulus);
            NttArithmetic.MultiplyAdd(uniforms, _parameters.Residues(_key.Uniform, i), factor, table.Modulus);
            NttTransform.Inverse(bodies, table);
            NttTransform.Inverse(uniforms, table);
            for (var j = 0; j < uniforms.Length; j++)
                uniforms[j] += _high[j];
        }
    }

    private void GatherOutputs(ReadOnlySpan<double> body, ReadOnlySpan<int> coefficients)
    {
        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            var residues = _parameters.Residues(body, i);
            var outputs = _outputs.AsSpan(i * coefficients.Length, coefficients.Length);
            for (var j = 0; j < outputs.Length; j++)
                outputs[j] = residues[coefficients[j]];
        }
    }

    private void SubtractMask(ReadOnlySpan<ulong> mask)
    {
        for (var j = 0; j < mask.Length; j++)
            _encoder.Encode(0UL - mask[j], _encoder.Half, out _high[j], out _low[j]);
        for (var i = 0; i < _parameters.PrimeCount; i++)
            _encoder.AddTo(_outputs.AsSpan(i * mask.Length, mask.Length), _high.AsSpan(0, mask.Length), _low.AsSpan(0, mask.Length), i);
    }
}
