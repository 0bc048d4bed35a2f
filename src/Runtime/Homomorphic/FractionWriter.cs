using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>
/// Writes integers modulo q as the nearest multiples of q/2^bits: switches the modulus to 2^bits. By the Chinese remainder
/// theorem c/q = Σ y/p modulo 1, where y = c·(q/p)^-1 modulo p; the sum is taken in 128-bit fixed point, whose overflow is
/// the reduction modulo 1.
/// </summary>
internal sealed class FractionWriter
{
    private readonly RlweParameters _parameters;
    private readonly double[] _cofactorInverses;
    private readonly UInt128[] _reciprocals;

    public FractionWriter(RlweParameters parameters)
    {
        _parameters = parameters;
        _reciprocals = [.. parameters.Tables.Select(table => UInt128.MaxValue / table.Modulus.Prime)];
        _cofactorInverses = [.. parameters.Tables.Select(table => CofactorInverse(table.Modulus))];
    }

    /// <summary>
    /// Writes <paramref name="count"/> values, whose lazy residues lie prime after prime at a distance of
    /// <paramref name="count"/>. The residues are overwritten.
    /// </summary>
    public void Write(Span<double> residues, int count, int bits, ref BitWriter writer)
    {
        for (var i = 0; i < _parameters.PrimeCount; i++)
            NttArithmetic.Scale(residues.Slice(i * count, count), _cofactorInverses[i], _parameters.Tables[i].Modulus);
        var half = UInt128.One << (127 - bits);
        for (var j = 0; j < count; j++)
        {
            var fraction = half;
            for (var i = 0; i < _reciprocals.Length; i++)
                fraction += (ulong)(long)residues[(i * count) + j] * _reciprocals[i];
            writer.Write(fraction >> (128 - bits), bits);
        }
    }

    private double CofactorInverse(NttModulus modulus)
    {
        UInt128 cofactor = 1;
        foreach (var table in _parameters.Tables)
        {
            if (table.Modulus.Prime != modulus.Prime)
                cofactor = cofactor * table.Modulus.Prime % modulus.Prime;
        }

        return modulus.Invert((ulong)cofactor);
    }
}
