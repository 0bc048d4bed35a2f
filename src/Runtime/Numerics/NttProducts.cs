using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Sums of products of transforms modulo one prime: several ciphertexts (pairs of polynomials), each times a polynomial of
/// its own, for four sums or one. Eight elements of every sum stay in registers over all terms.
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
        if (NttVector512.IsSupported && sums.Length >= Lanes)
        {
            if (sums.Count == Sums)
                AddFour(sums, ciphertexts, factors, modulus);
            else
                AddOne(sums, ciphertexts, factors, modulus);
        }
        else
        {
            AddPortable(sums, ciphertexts, factors, modulus);
        }
    }

    /// <summary>As <see cref="Add"/>, without vectors; the same integers.</summary>
    internal static void AddPortable(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        for (var sum = 0; sum < sums.Count; sum++)
        {
            var body = sums.Values.Slice(sum * sums.Stride, sums.Length);
            var uniform = sums.Values.Slice((sum * sums.Stride) + sums.HalfStride, sums.Length);
            for (var i = 0; i < sums.Length; i++)
            {
                for (var term = 0; term < ciphertexts.Count; term++)
                {
                    var factor = factors.Values[(sum * factors.SumStride) + (term * factors.TermStride) + (i / factors.Repetition)];
                    var source = (i / Lanes * Lanes * ciphertexts.Total) + ((ciphertexts.First + term) * Lanes) + (i % Lanes);
                    body[i] += modulus.Multiply(ciphertexts.Bodies[source], factor);
                    uniform[i] += modulus.Multiply(ciphertexts.Uniforms[source], factor);
                }
            }
        }
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

    private static void AddFour(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        var vectors = new NttModulus512(modulus);
        var lanes = LanesOf(factors.Repetition);
        var shift = BitOperations.Log2((uint)factors.Repetition);
        ref var bodies = ref Unsafe.Add(ref MemoryMarshal.GetReference(ciphertexts.Bodies), ciphertexts.First * Lanes);
        ref var uniforms = ref Unsafe.Add(ref MemoryMarshal.GetReference(ciphertexts.Uniforms), ciphertexts.First * Lanes);
        ref var weights = ref MemoryMarshal.GetReference(factors.Values);
        ref var sum0 = ref MemoryMarshal.GetReference(sums.Values);
        ref var sum1 = ref Unsafe.Add(ref sum0, sums.Stride);
        ref var sum2 = ref Unsafe.Add(ref sum1, sums.Stride);
        ref var sum3 = ref Unsafe.Add(ref sum2, sums.Stride);
        var (half, stride, terms) = ((nuint)sums.HalfStride, (nuint)factors.SumStride, ciphertexts.Count);
        for (nuint i = 0; i < (nuint)sums.Length; i += Lanes)
        {
            var (body0, uniform0) = (Vector512.LoadUnsafe(ref sum0, i), Vector512.LoadUnsafe(ref sum0, half + i));
            var (body1, uniform1) = (Vector512.LoadUnsafe(ref sum1, i), Vector512.LoadUnsafe(ref sum1, half + i));
            var (body2, uniform2) = (Vector512.LoadUnsafe(ref sum2, i), Vector512.LoadUnsafe(ref sum2, half + i));
            var (body3, uniform3) = (Vector512.LoadUnsafe(ref sum3, i), Vector512.LoadUnsafe(ref sum3, half + i));
            var source = i * (nuint)ciphertexts.Total;
            var weight = i >> shift;
            for (var term = 0; term < terms; term++, source += Lanes, weight += (nuint)factors.TermStride)
            {
                var (body, uniform) = (Vector512.LoadUnsafe(ref bodies, source), Vector512.LoadUnsafe(ref uniforms, source));
                var factor = Spread(ref weights, weight, lanes);
                body0 += vectors.Multiply(body, factor);
                uniform0 += vectors.Multiply(uniform, factor);
                factor = Spread(ref weights, weight + stride, lanes);
                body1 += vectors.Multiply(body, factor);
                uniform1 += vectors.Multiply(uniform, factor);
                factor = Spread(ref weights, weight + (2 * stride), lanes);
                body2 += vectors.Multiply(body, factor);
                uniform2 += vectors.Multiply(uniform, factor);
                factor = Spread(ref weights, weight + (3 * stride), lanes);
                body3 += vectors.Multiply(body, factor);
                uniform3 += vectors.Multiply(uniform, factor);
            }

            Store(ref sum0, i, half, body0, uniform0);
            Store(ref sum1, i, half, body1, uniform1);
            Store(ref sum2, i, half, body2, uniform2);
            Store(ref sum3, i, half, body3, uniform3);
        }
    }

    private static void AddOne(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        var vectors = new NttModulus512(modulus);
        var lanes = LanesOf(factors.Repetition);
        var shift = BitOperations.Log2((uint)factors.Repetition);
        ref var bodies = ref Unsafe.Add(ref MemoryMarshal.GetReference(ciphertexts.Bodies), ciphertexts.First * Lanes);
        ref var uniforms = ref Unsafe.Add(ref MemoryMarshal.GetReference(ciphertexts.Uniforms), ciphertexts.First * Lanes);
        ref var weights = ref MemoryMarshal.GetReference(factors.Values);
        for (var sum = 0; sum < sums.Count; sum++)
        {
            ref var values = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums.Values), sum * sums.Stride);
            for (nuint i = 0; i < (nuint)sums.Length; i += Lanes)
            {
                var (body, uniform) = (Vector512.LoadUnsafe(ref values, i), Vector512.LoadUnsafe(ref values, (nuint)sums.HalfStride + i));
                var source = i * (nuint)ciphertexts.Total;
                var weight = (i >> shift) + (nuint)(sum * factors.SumStride);
                for (var term = 0; term < ciphertexts.Count; term++, source += Lanes, weight += (nuint)factors.TermStride)
                {
                    var factor = Spread(ref weights, weight, lanes);
                    body += vectors.Multiply(Vector512.LoadUnsafe(ref bodies, source), factor);
                    uniform += vectors.Multiply(Vector512.LoadUnsafe(ref uniforms, source), factor);
                }

                Store(ref values, i, (nuint)sums.HalfStride, body, uniform);
            }
        }
    }

    /// <summary>Which of the next elements of a factor each of eight lanes takes.</summary>
    internal static Vector512<long> LanesOf(int repetition) => repetition switch
    {
        1 => Vector512.Create(0L, 1, 2, 3, 4, 5, 6, 7),
        2 => Vector512.Create(0L, 0, 1, 1, 2, 2, 3, 3),
        4 => Vector512.Create(0L, 0, 0, 0, 1, 1, 1, 1),
        _ => Vector512<long>.Zero,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Spread(ref double weights, nuint index, Vector512<long> lanes) =>
        Avx512F.PermuteVar8x64(Vector512.LoadUnsafe(ref weights, index), lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref double sum, nuint index, nuint half, Vector512<double> body, Vector512<double> uniform)
    {
        body.StoreUnsafe(ref sum, index);
        uniform.StoreUnsafe(ref sum, half + index);
    }
}
