namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Element-wise arithmetic on lazy residues (see <see cref="NttModulus"/>). A sum may be accumulated over 2^12 products
/// before it leaves the lazy bound.
/// </summary>
public static class NttArithmetic
{
    /// <summary>sum += x·y, element by element.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, ReadOnlySpan<double> y, NttModulus modulus)
    {
        RequireSameLength(sum.Length, x.Length);
        RequireSameLength(sum.Length, y.Length);
        NttKernel.Fastest.MultiplyAdd(sum, x, y, modulus);
    }

    /// <summary>sum += x·factor, for one factor in (−p, p).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, double factor, NttModulus modulus)
    {
        RequireSameLength(sum.Length, x.Length);
        NttKernel.Fastest.MultiplyAdd(sum, x, factor, modulus);
    }

    /// <summary>Replaces every element by the canonical residue of its product with a factor in (−p, p).</summary>
    public static void Scale(Span<double> values, double factor, NttModulus modulus) => NttKernel.Fastest.Scale(values, factor, modulus);

    /// <summary>Replaces every element by its canonical residue.</summary>
    public static void Canonicalize(Span<double> values, NttModulus modulus) => NttKernel.Fastest.Canonicalize(values, modulus);

    private static void RequireSameLength(int expected, int actual)
    {
        if (expected != actual)
            throw new ArgumentException($"The operands have {expected} and {actual} elements.", nameof(actual));
    }
}
