using System.Numerics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// The negacyclic number-theoretic transform over Z_p[X]/(X^N + 1), in place: value k of the result is the polynomial's
/// value at ψ^(2·bitreverse(k) + 1). Products of polynomials are element-wise products of transforms.
/// </summary>
public static class NttTransform
{
    /// <summary>Coefficients, lazy with |x| ≤ 2p, to canonical values.</summary>
    /// <param name="polynomial">
    /// N elements; or N/r, r a power of two, of a polynomial v for v(X^r), whose values k·r to k·r + r − 1 are all value k of v.
    /// </param>
    /// <param name="table">Of degree N. Powers of ψ^r in bit-reversed order are the first N/r of those of ψ.</param>
    /// <exception cref="ArgumentException">The polynomial has another number of elements.</exception>
    public static void Forward(Span<double> polynomial, NttTable table)
    {
        if (polynomial.IsEmpty || polynomial.Length > table.Degree || !BitOperations.IsPow2(polynomial.Length))
            throw new ArgumentException($"A polynomial of {polynomial.Length} elements is not for a table of {table.Degree}.", nameof(polynomial));
        NttKernel.Fastest.Forward(polynomial, table);
    }

    /// <summary>Lazy values, |x| ≤ 2^49, to canonical coefficients.</summary>
    /// <exception cref="ArgumentException">The polynomial does not have N elements.</exception>
    public static void Inverse(Span<double> polynomial, NttTable table)
    {
        RequireLength(polynomial, table);
        NttKernel.Fastest.Inverse(polynomial, table);
    }

    private static void RequireLength(Span<double> polynomial, NttTable table)
    {
        if (polynomial.Length != table.Degree)
            throw new ArgumentException($"The polynomial has {polynomial.Length} elements; the table is for {table.Degree}.", nameof(polynomial));
    }
}
