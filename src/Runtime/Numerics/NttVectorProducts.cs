using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrivateInference.Runtime.Numerics;

/// <summary>What <see cref="NttProducts"/> and <see cref="NttExpansion"/> compute, on vectors of W doubles.</summary>
internal static class NttVectorProducts<TVector>
    where TVector : struct, INttVector<TVector>
{
    /// <inheritdoc cref="NttProducts.Add"/>
    public static void Add(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        if (sums.Count == NttProducts.Sums)
            AddFour(sums, ciphertexts, factors, modulus);
        else
            AddEach(sums, ciphertexts, factors, modulus);
    }

    /// <inheritdoc cref="NttExpansion.Combine"/>
    public static void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var modulus = new NttVectorModulus<TVector>(table.Modulus);
        var length = NttExpansion.PartLength(parts, count);
        var repetition = values.Length / length;
        var pattern = TVector.RepeatPattern(repetition);
        var shift = BitOperations.Log2((uint)repetition);
        ref var part = ref MemoryMarshal.GetReference(parts);
        ref var value = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < (nuint)values.Length; i += (nuint)TVector.Count)
            LoadRepeated(ref part, i >> shift, pattern).Store(ref value, i);
        for (var k = 1; k < count; k++)
        {
            ref var power = ref MemoryMarshal.GetArrayDataReference(table.PowerOfX(k));
            var start = (nuint)(k * length);
            for (nuint i = 0; i < (nuint)values.Length; i += (nuint)TVector.Count)
            {
                var factor = LoadRepeated(ref part, start + (i >> shift), pattern);
                var sum = TVector.Load(ref value, i) + modulus.Multiply(TVector.Load(ref power, i), factor);
                (k == count - 1 ? modulus.Canonical(sum) : sum).Store(ref value, i);
            }
        }
    }

    private static void AddFour(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        var pattern = TVector.RepeatPattern(factors.Repetition);
        var shift = BitOperations.Log2((uint)factors.Repetition);
        ref var bodies = ref MemoryMarshal.GetReference(ciphertexts.Bodies);
        ref var uniforms = ref MemoryMarshal.GetReference(ciphertexts.Uniforms);
        ref var weights = ref MemoryMarshal.GetReference(factors.Values);
        ref var sum0 = ref MemoryMarshal.GetReference(sums.Values);
        ref var sum1 = ref Unsafe.Add(ref sum0, sums.Stride);
        ref var sum2 = ref Unsafe.Add(ref sum1, sums.Stride);
        ref var sum3 = ref Unsafe.Add(ref sum2, sums.Stride);
        var (half, stride, terms) = ((nuint)sums.HalfStride, (nuint)factors.SumStride, ciphertexts.Count);
        for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)TVector.Count)
        {
            var (body0, uniform0) = (TVector.Load(ref sum0, i), TVector.Load(ref sum0, half + i));
            var (body1, uniform1) = (TVector.Load(ref sum1, i), TVector.Load(ref sum1, half + i));
            var (body2, uniform2) = (TVector.Load(ref sum2, i), TVector.Load(ref sum2, half + i));
            var (body3, uniform3) = (TVector.Load(ref sum3, i), TVector.Load(ref sum3, half + i));
            var source = (nuint)ciphertexts.Place((int)i);
            var weight = i >> shift;
            for (var term = 0; term < terms; term++, source += NttProducts.Lanes, weight += (nuint)factors.TermStride)
            {
                var (body, uniform) = (TVector.Load(ref bodies, source), TVector.Load(ref uniforms, source));
                var factor = LoadRepeated(ref weights, weight, pattern);
                body0 += vectors.Multiply(body, factor);
                uniform0 += vectors.Multiply(uniform, factor);
                factor = LoadRepeated(ref weights, weight + stride, pattern);
                body1 += vectors.Multiply(body, factor);
                uniform1 += vectors.Multiply(uniform, factor);
                factor = LoadRepeated(ref weights, weight + (2 * stride), pattern);
                body2 += vectors.Multiply(body, factor);
                uniform2 += vectors.Multiply(uniform, factor);
                factor = LoadRepeated(ref weights, weight + (3 * stride), pattern);
                body3 += vectors.Multiply(body, factor);
                uniform3 += vectors.Multiply(uniform, factor);
            }

            Store(ref sum0, i, half, body0, uniform0);
            Store(ref sum1, i, half, body1, uniform1);
            Store(ref sum2, i, half, body2, uniform2);
            Store(ref sum3, i, half, body3, uniform3);
        }
    }

    private static void AddEach(ProductSums sums, ProductTerms ciphertexts, ProductFactors factors, NttModulus modulus)
    {
        var vectors = new NttVectorModulus<TVector>(modulus);
        var pattern = TVector.RepeatPattern(factors.Repetition);
        var shift = BitOperations.Log2((uint)factors.Repetition);
        ref var bodies = ref MemoryMarshal.GetReference(ciphertexts.Bodies);
        ref var uniforms = ref MemoryMarshal.GetReference(ciphertexts.Uniforms);
        ref var weights = ref MemoryMarshal.GetReference(factors.Values);
        for (var sum = 0; sum < sums.Count; sum++)
        {
            ref var values = ref Unsafe.Add(ref MemoryMarshal.GetReference(sums.Values), sum * sums.Stride);
            for (nuint i = 0; i < (nuint)sums.Length; i += (nuint)TVector.Count)
            {
                var (body, uniform) = (TVector.Load(ref values, i), TVector.Load(ref values, (nuint)sums.HalfStride + i));
                var source = (nuint)ciphertexts.Place((int)i);
                var weight = (i >> shift) + (nuint)(sum * factors.SumStride);
                for (var term = 0; term < ciphertexts.Count; term++, source += NttProducts.Lanes, weight += (nuint)factors.TermStride)
                {
                    var factor = LoadRepeated(ref weights, weight, pattern);
                    body += vectors.Multiply(TVector.Load(ref bodies, source), factor);
                    uniform += vectors.Multiply(TVector.Load(ref uniforms, source), factor);
                }

                Store(ref values, i, (nuint)sums.HalfStride, body, uniform);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadRepeated(ref double source, nuint index, TVector pattern) => TVector.Repeat(TVector.Load(ref source, index), pattern);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(ref double sum, nuint index, nuint half, TVector body, TVector uniform)
    {
        body.Store(ref sum, index);
        uniform.Store(ref sum, half + index);
    }
}
