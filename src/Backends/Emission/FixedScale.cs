using System.Numerics;

namespace PrivateInference.Backends.Emission;

/// <summary>An exact scale: Odd · 2^Exponent. The odd part stems from average pools.</summary>
internal readonly record struct FixedScale(long Odd, int Exponent)
{
    public double Value => Math.ScaleB(Odd, Exponent);

    /// <summary>Integers per unit of a real value of which this scale's unit is <paramref name="unit"/>; shifting the scale shifts it exactly.</summary>
    public double In(double unit) => unit == 1 ? Value : Math.ScaleB(Odd / unit, Exponent);

    /// <summary>⌊log2⌋.</summary>
    public int Magnitude => Exponent + BitOperations.Log2((ulong)Odd);

    public static FixedScale PowerOfTwo(int exponent) => new(1, exponent);

    public FixedScale Shift(int bits) => this with { Exponent = Exponent + bits };

    /// <exception cref="OverflowException">The odd part leaves 52 bits and would not be exact as a double.</exception>
    public FixedScale Times(long factor)
    {
        int twos = BitOperations.TrailingZeroCount(factor);
        long odd = checked(Odd * (factor >> twos));
        return odd < 1L << 52 ? new FixedScale(odd, Exponent + twos) : throw new OverflowException("The divisors of the average pools have no common multiple of 52 bits.");
    }

    /// <summary>The smallest scale that is an integer multiple of both.</summary>
    public FixedScale Common(FixedScale other)
        => new FixedScale(1, Math.Max(Exponent, other.Exponent)).Times(LeastCommonMultiple(Odd, other.Odd));

    /// <summary>This scale times Multiplier, shifted left by Shift, is <paramref name="target"/>.</summary>
    public (long Multiplier, int Shift) To(FixedScale target) => (target.Odd / Odd, target.Exponent - Exponent);

    public static long LeastCommonMultiple(long left, long right)
        => checked(left / (long)BigInteger.GreatestCommonDivisor(left, right) * right);
}
