namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// Arithmetic on two's-complement words, lowest bit first. The carry of a full adder takes one AND, c ⊕ (a ⊕ c)(b ⊕ c)
/// (Boyar, Peralta and Pochuev 2000), which gives every count stated here for words without constant bits.
/// </summary>
public static class CircuitArithmetic
{
    /// <summary>The low <paramref name="bits"/> of a number as constants.</summary>
    public static Wire[] Constant(long value, int bits)
    {
        var word = new Wire[bits];
        for (int i = 0; i < bits; i++)
            word[i] = Wire.Constant(((value >> Math.Min(i, 63)) & 1) == 1);
        return word;
    }

    /// <summary>(a + b) mod 2^w: w − 1 ANDs.</summary>
    public static Wire[] Add(this CircuitBuilder builder, Wire[] a, Wire[] b) => builder.Sum(a, b, Wire.Zero);

    /// <summary>(a − b) mod 2^w: w − 1 ANDs.</summary>
    public static Wire[] Subtract(this CircuitBuilder builder, Wire[] a, Wire[] b) =>
        builder.Sum(a, builder.Complement(b), Wire.One);

    /// <summary>Whether a &lt; b, signed: w ANDs.</summary>
    public static Wire Less(this CircuitBuilder builder, Wire[] a, Wire[] b)
    {
        ArgumentNullException.ThrowIfNull(builder);
        SameWidth(a, b);

        // a − b carries out of the top bit exactly when a ≥ b, unsigned; flipping both signs makes that the signed order.
        Wire carry = Wire.One;
        for (int i = 0; i < a.Length - 1; i++)
            carry = builder.Majority(a[i], builder.Not(b[i]), carry);
        return builder.Not(builder.Majority(builder.Not(a[^1]), b[^1], carry));
    }

    /// <summary>Whether a &lt; <paramref name="bound"/>, signed, at any 64-bit bound.</summary>
    public static Wire LessThanConstant(this CircuitBuilder builder, Wire[] a, long bound)
    {
        ArgumentNullException.ThrowIfNull(a);
        if (bound <= MinValue(a.Length))
            return Wire.Zero;
        return bound > MaxValue(a.Length) ? Wire.One : builder.Less(a, Constant(bound, a.Length));
    }

    /// <summary><paramref name="selector"/> ? b : a: w ANDs.</summary>
    public static Wire[] Select(this CircuitBuilder builder, Wire selector, Wire[] a, Wire[] b)
    {
        ArgumentNullException.ThrowIfNull(builder);
        SameWidth(a, b);
        var result = new Wire[a.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = builder.Xor(a[i], builder.And(selector, builder.Xor(a[i], b[i])));
        return result;
    }

    /// <summary>max(a, b), signed: 2w ANDs.</summary>
    public static Wire[] Max(this CircuitBuilder builder, Wire[] a, Wire[] b) => builder.Select(builder.Less(a, b), a, b);

    /// <summary>max(a, 0): w − 1 ANDs; the sign bit of the result is the constant 0.</summary>
    public static Wire[] Relu(this CircuitBuilder builder, Wire[] a)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(a);
        Wire positive = builder.Not(a[^1]);
        return [.. a[..^1].Select(bit => builder.And(bit, positive)), Wire.Zero];
    }

    /// <summary>
    /// min(max(a, lower), upper): two comparisons with constants and one AND a bit of the result, which is as wide as the
    /// bounds need.
    /// </summary>
    /// <exception cref="ArgumentException">The lower bound is above the upper.</exception>
    public static Wire[] Clip(this CircuitBuilder builder, Wire[] a, long lower, long upper)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(a);
        if (lower > upper)
            throw new ArgumentException($"The bounds are out of order: {lower} > {upper}.", nameof(lower));

        Wire below = builder.LessThanConstant(a, lower);
        Wire above = upper == long.MaxValue ? Wire.Zero : builder.Not(builder.LessThanConstant(a, upper + 1));
        Wire inside = builder.Not(builder.Xor(below, above)); // at most one of the two holds
        int bits = Math.Max(SignedBits(lower), SignedBits(upper));
        Wire[] low = Constant(lower, bits);
        Wire[] high = Constant(upper, bits);
        var result = new Wire[bits];
        for (int i = 0; i < bits; i++)
        {
            Wire bound = builder.Xor(builder.And(below, low[i]), builder.And(above, high[i]));
            result[i] = builder.Xor(builder.And(inside, a[Math.Min(i, a.Length - 1)]), bound);
        }

        if (lower >= 0)
            result[^1] = Wire.Zero;
        return result;
    }

    /// <summary>⌊a / 2^shift⌋ in w − <paramref name="shift"/> bits: free.</summary>
    public static Wire[] ShiftRight(Wire[] a, int shift)
    {
        ArgumentNullException.ThrowIfNull(a);
        return a[Math.Min(shift, a.Length - 1)..];
    }

    /// <summary>The same number, sign-extended or cut to <paramref name="bits"/>: free.</summary>
    public static Wire[] Resize(Wire[] a, int bits)
    {
        ArgumentNullException.ThrowIfNull(a);
        return [.. Enumerable.Range(0, bits).Select(i => a[Math.Min(i, a.Length - 1)])];
    }

    private static Wire[] Sum(this CircuitBuilder builder, Wire[] a, Wire[] b, Wire carry)
    {
        ArgumentNullException.ThrowIfNull(builder);
        SameWidth(a, b);
        var sum = new Wire[a.Length];
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] = builder.Xor(a[i], builder.Xor(b[i], carry));
            if (i < sum.Length - 1)
                carry = builder.Majority(a[i], b[i], carry);
        }

        return sum;
    }

    private static Wire[] Complement(this CircuitBuilder builder, Wire[] a) => [.. a.Select(builder.Not)];

    private static Wire Majority(this CircuitBuilder builder, Wire a, Wire b, Wire c) =>
        builder.Xor(c, builder.And(builder.Xor(a, c), builder.Xor(b, c)));

    private static void SameWidth(Wire[] a, Wire[] b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if (a.Length != b.Length || a.Length == 0)
            throw new ArgumentException($"The words have {a.Length} and {b.Length} bits.", nameof(b));
    }

    private static long MinValue(int bits) => long.MinValue >> (64 - Math.Min(bits, 64));

    private static long MaxValue(int bits) => ~MinValue(bits);

    private static int SignedBits(long value) => 65 - (int)long.LeadingZeroCount(value < 0 ? ~value : value);
}
