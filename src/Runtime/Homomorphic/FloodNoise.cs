using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Integers uniform in [−2^F, 2^F) as residues: digits of 36 bits, recombined modulo each prime.</summary>
internal sealed class FloodNoise
{
    private const int DigitBits = 36;

    private readonly RlweParameters _parameters;
    private readonly int _bits;
    private readonly double[] _offsets;
    private readonly double[][] _digitFactors;
    private readonly ulong[] _words;
    private readonly double[] _digits;

    public FloodNoise(RlweParameters parameters, int floodBits)
    {
        _parameters = parameters;
        _bits = floodBits + 1;
        _offsets = [.. parameters.Tables.Select(table => -(double)table.Modulus.Power(2, (ulong)floodBits))];
        _digitFactors = new double[(_bits + DigitBits - 1) / DigitBits][];
        for (var digit = 0; digit < _digitFactors.Length; digit++)
        {
            var shift = (ulong)(digit * DigitBits);
            _digitFactors[digit] = [.. parameters.Tables.Select(table => (double)table.Modulus.Power(2, shift))];
        }

        _words = new ulong[parameters.Degree];
        _digits = new double[parameters.Degree];
    }

    /// <summary>Adds fresh noise to values whose lazy residues lie prime after prime at a distance of <paramref name="count"/>.</summary>
    public void AddTo(Span<double> residues, int count, RlweSampler sampler)
    {
        var words = _words.AsSpan(0, count);
        var digits = _digits.AsSpan(0, count);
        for (var digit = 0; digit < _digitFactors.Length; digit++)
        {
            sampler.UniformBits(words, Math.Min(DigitBits, _bits - (digit * DigitBits)));
            for (var j = 0; j < count; j++)
                digits[j] = (long)words[j];
            for (var i = 0; i < _parameters.PrimeCount; i++)
                NttArithmetic.MultiplyAdd(
                    residues.Slice(i * count, count), digits, _digitFactors[digit][i], _parameters.Tables[i].Modulus);
        }

        for (var i = 0; i < _parameters.PrimeCount; i++)
        {
            foreach (ref var residue in residues.Slice(i * count, count))
                residue += _offsets[i];
        }
    }
}
