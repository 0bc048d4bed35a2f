using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var vectors = new NttModulus512(modulus);
            ref var s = ref MemoryMarshal.GetReference(sum);
            ref var left = ref MemoryMarshal.GetReference(x);
            ref var right = ref MemoryMarshal.GetReference(y);
            for (; done <= sum.Length - 8; done += 8)
            {
                var product = vectors.Multiply(
                    Vector512.LoadUnsafe(ref left, (nuint)done), Vector512.LoadUnsafe(ref right, (nuint)done));
                (Vector512.LoadUnsafe(ref s, (nuint)done) + product).StoreUnsafe(ref s, (nuint)done);
            }
        }

        for (; done < sum.Length; done++)
            sum[done] += modulus.Multiply(x[done], y[done]);
    }

    /// <summary>sum += x·factor, for one factor in (−p, p).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MultiplyAdd(Span<double> sum, ReadOnlySpan<double> x, double factor, NttModulus modulus)
    {
        RequireSameLength(sum.Length, x.Length);
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var vectors = new NttModulus512(modulus);
            var factors = Vector512.Create(factor);
            ref var s = ref MemoryMarshal.GetReference(sum);
            ref var left = ref MemoryMarshal.GetReference(x);
            for (; done <= sum.Length - 8; done += 8)
            {
                var product = vectors.Multiply(Vector512.LoadUnsafe(ref left, (nuint)done), factors);
                (Vector512.LoadUnsafe(ref s, (nuint)done) + product).StoreUnsafe(ref s, (nuint)done);
            }
        }

        for (; done < sum.Length; done++)
            sum[done] += modulus.Multiply(x[done], factor);
    }

    /// <summary>Replaces every element by the canonical residue of its product with a factor in (−p, p).</summary>
    public static void Scale(Span<double> values, double factor, NttModulus modulus)
    {
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var vectors = new NttModulus512(modulus);
            var factors = Vector512.Create(factor);
            ref var v = ref MemoryMarshal.GetReference(values);
            for (; done <= values.Length - 8; done += 8)
            {
                var product = vectors.Multiply(Vector512.LoadUnsafe(ref v, (nuint)done), factors);
                vectors.MakeNonNegative(product).StoreUnsafe(ref v, (nuint)done);
            }
        }

        for (; done < values.Length; done++)
            values[done] = modulus.Canonical(modulus.Multiply(values[done], factor));
    }

    /// <summary>Replaces every element by its canonical residue.</summary>
    public static void Canonicalize(Span<double> values, NttModulus modulus)
    {
        var done = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            var vectors = new NttModulus512(modulus);
            ref var v = ref MemoryMarshal.GetReference(values);
            for (; done <= values.Length - 8; done += 8)
                vectors.Canonical(Vector512.LoadUnsafe(ref v, (nuint)done)).StoreUnsafe(ref v, (nuint)done);
        }

        for (; done < values.Length; done++)
            values[done] = modulus.Canonical(values[done]);
    }

    private static void RequireSameLength(int expected, int actual)
    {
        if (expected != actual)
            throw new ArgumentException($"The operands have {expected} and {actual} elements.", nameof(actual));
    }
}
