namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Sums of products of transforms modulo one prime: several ciphertexts (pairs of polynomials), each times a polynomial of
/// its own, for four sums or one. Some elements of every sum stay in registers over all terms.
/// </summary>
/// <remarks>
/// Ciphertexts lie interleaved: elements 8j to 8j + 7 of all of them side by side (<see cref="Interleave"/>), so that a sum over
/// the ciphertexts reads memory in order. Factors are transforms of polynomials in X^r and have N/r elements.
/// </remarks>
internal static class NttProducts
{
    /// <summary>Elements that lie side by side.</summary>
    public const int Lanes = 8;

    /// <summary>Sums that share a pass over the ciphertexts.</summary>
    public const int Sums = 4;

    /// <summary>Elements that must be readable behind the last factor.</summary>
    public const int Padding = Lanes;

    /// <summary>Products after which a sum has to be reduced to stay within the lazy bound.</summary>
    public const int ReductionInterval = 2048;

    /// <summary>Writes a polynomial's elements modulo one prime to their places among <paramref name="count"/> polynomials.</summary>
    public static void Interleave(ReadOnlySpan<double> polynomial, int index, int count, Span<double> destination)
    {
        for (var i = 0; i < polynomial.Length; i += Lanes)
        {
            var lanes = Math.Min(Lanes, polynomial.Length - i);
            polynomial.Slice(i, lanes).CopyTo(destination[((i * count) + (index * Lanes))..]);
        }
    }

    /// <summary>Adds the products to <see cref="Sums"/> sums, or to one.</summary>
    /// <param name="sums">Where the sums lie; lazy.</param>
    /// <param name="ciphertexts">What is multiplied.</param>
    /// <param name="factors">With what.</param>
    /// <param name="modulus">The prime.</param>
    /// <exception cref="ArgumentException">The memory of an operand is shorter than its sizes say.</exception>
    public static void Add(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        RequireRoom(sums, ciphertexts, factors);
        NttKernel.Fastest.AddProducts(sums, ciphertexts, factors, modulus);
    }

    // The vector kernels address memory without further checks.
    private static void RequireRoom(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors)
    {
        var sumsEnd = ((sums.Count - 1L) * sums.Stride) + sums.HalfStride + sums.Length;
        var termsEnd = (long)ciphertexts.Total * sums.Length;
        var factorsEnd = ((sums.Count - 1L) * factors.SumStride) + ((ciphertexts.Count - 1L) * factors.TermStride)
            + (sums.Length / factors.Repetition) + Padding;
        if (sumsEnd > sums.Values.Length || sums.Length % Lanes != 0 || ciphertexts.First < 0 || ciphertexts.Count < 1
            || ciphertexts.First + ciphertexts.Count > ciphertexts.Total || termsEnd > Math.Min(ciphertexts.Bodies.Length, ciphertexts.Uniforms.Length)
            || factorsEnd > factors.Values.Length)
            throw new ArgumentException("The operands of a sum of products are shorter than their sizes say.", nameof(factors));
    }
}
