namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// A prime below 2^36 with floating-point modular arithmetic (van der Hoeven, Lecerf and Quintin, "Modular SIMD
/// arithmetic in Mathemagic", section 3): residues are doubles, the product's rounding error is recovered exactly by a
/// fused multiply-add.
/// </summary>
/// <remarks>
/// Residues are <em>lazy</em>: signed integers, |x| ≤ 2^49. For such an x and a factor |w| &lt; p &lt; 2^36 the quotient
/// |x·w/p| stays below 2^49 and is off by less than 3·2^-53·2^49 &lt; 0.19, so that <see cref="Multiply"/> returns an
/// integer of magnitude at most 0.69·p; every intermediate is an integer below 2^53, hence exact.
/// </remarks>
public sealed class NttModulus
{
    public NttModulus(ulong prime)
    {
        if (prime is < 3 or >= 1UL << NttPrimes.Bits || (prime & 1) == 0)
            throw new ArgumentOutOfRangeException(nameof(prime), prime, "The modulus must be an odd prime below 2^36.");
        Prime = prime;
        P = prime;
        Reciprocal = 1.0 / prime;
    }

    public ulong Prime { get; }

    /// <summary>The prime as a double.</summary>
    public double P { get; }

    /// <summary>1/p, rounded.</summary>
    public double Reciprocal { get; }

    /// <summary>x·w modulo p as an integer of magnitude at most 0.69·p.</summary>
    public double Multiply(double x, double w)
    {
        var high = x * w;
        var low = Math.FusedMultiplyAdd(x, w, -high);
        var quotient = Math.Round(high * Reciprocal);
        return Math.FusedMultiplyAdd(-quotient, P, high) + low;
    }

    /// <summary>The representative in [0, p) of a lazy residue, without a branch.</summary>
    public double Canonical(double x)
    {
        var reduced = (long)Math.FusedMultiplyAdd(-Math.Round(x * Reciprocal), P, x);
        return reduced + ((reduced >> 63) & (long)Prime);
    }

    /// <summary>The canonical residue of a public signed integer.</summary>
    public double FromInteger(Int128 value)
    {
        var remainder = (long)(value % (Int128)Prime);
        return remainder < 0 ? remainder + (long)Prime : remainder;
    }

    /// <summary>value^exponent modulo p.</summary>
    public ulong Power(ulong value, ulong exponent)
    {
        UInt128 result = 1;
        UInt128 square = value % Prime;
        for (; exponent != 0; exponent >>= 1)
        {
            if ((exponent & 1) != 0)
                result = result * square % Prime;
            square = square * square % Prime;
        }

        return (ulong)result;
    }

    /// <summary>The inverse of a non-zero residue.</summary>
    public ulong Invert(ulong value) => Power(value, Prime - 2);
}
