namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The ring Z_2^ℓ on 64-bit words. An element is a word whose bits above ℓ are zero; kernels may work modulo 2^64 and
/// reduce once at the end, because 2^ℓ divides 2^64.
/// </summary>
public readonly record struct Ring
{
    /// <param name="bits">ℓ, from 1 to 64.</param>
    /// <exception cref="ArgumentOutOfRangeException">ℓ is outside 1 to 64.</exception>
    public Ring(int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 64);
        Bits = bits;
        Mask = ulong.MaxValue >> (64 - bits);
    }

    /// <summary>ℓ.</summary>
    public int Bits { get; }

    /// <summary>2^ℓ − 1.</summary>
    public ulong Mask { get; }

    /// <summary>The element that represents an integer modulo 2^ℓ.</summary>
    public ulong FromSigned(long value) => (ulong)value & Mask;

    /// <summary>The representative of an element in [−2^(ℓ−1), 2^(ℓ−1)).</summary>
    public long ToSigned(ulong word) => ToSigned(word, Bits);

    /// <summary>The low <paramref name="bits"/> bits of a word (1 to 64) read as a two's complement number.</summary>
    public static long ToSigned(ulong word, int bits) => (long)(word << (64 - bits)) >> (64 - bits);

    /// <summary>Reduces every word modulo 2^ℓ.</summary>
    public void Reduce(Span<ulong> words)
    {
        foreach (ref ulong word in words)
            word &= Mask;
    }

    /// <summary>sum = left + right; the spans may be the same.</summary>
    public void Add(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> sum)
        => AddShifted(left, 0, right, 0, sum);

    /// <summary>difference = left − right; the spans may be the same.</summary>
    public void Subtract(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> difference)
        => SubtractShifted(left, 0, right, 0, difference);

    /// <summary>sum = (left ≪ leftShift) + (right ≪ rightShift).</summary>
    public void AddShifted(ReadOnlySpan<ulong> left, int leftShift, ReadOnlySpan<ulong> right, int rightShift, Span<ulong> sum)
    {
        RequireSameLength(left, right, sum);
        for (int i = 0; i < sum.Length; i++)
            sum[i] = ((left[i] << leftShift) + (right[i] << rightShift)) & Mask;
    }

    /// <summary>difference = (left ≪ leftShift) − (right ≪ rightShift).</summary>
    public void SubtractShifted(
        ReadOnlySpan<ulong> left, int leftShift, ReadOnlySpan<ulong> right, int rightShift, Span<ulong> difference)
    {
        RequireSameLength(left, right, difference);
        for (int i = 0; i < difference.Length; i++)
            difference[i] = ((left[i] << leftShift) - (right[i] << rightShift)) & Mask;
    }

    private static void RequireSameLength(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right, Span<ulong> result)
    {
        if (left.Length != right.Length || left.Length != result.Length)
            throw new ArgumentException($"Operands of {left.Length} and {right.Length} words do not make {result.Length}.", nameof(result));
    }
}
