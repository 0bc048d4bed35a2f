using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>The transform of Σ X^k·v_k(X^r) from the transforms of the v_k.</summary>
internal static class NttExpansion
{
    /// <summary>Writes N canonical values.</summary>
    /// <param name="parts">
    /// The transforms of v_0, v_1, …, of N/r canonical values each, one after the other, and <see cref="NttProducts.Padding"/>
    /// elements behind the last.
    /// </param>
    /// <param name="count">How many v_k there are.</param>
    /// <param name="table">Of degree N.</param>
    /// <param name="values">Gets the transform.</param>
    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public static void Combine(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var length = (parts.Length - NttProducts.Padding) / count;
        if (values.Length != table.Degree || length < 1 || values.Length % length != 0 || parts.Length != (length * count) + NttProducts.Padding)
            throw new ArgumentException($"{count} parts of together {parts.Length} elements do not make {values.Length}.", nameof(parts));
        if (NttVector512.IsSupported && values.Length >= NttProducts.Lanes)
            CombineVectors(parts, count, table, values);
        else
            CombinePortable(parts, count, table, values);
    }

    /// <summary>As <see cref="Combine"/>, without vectors.</summary>
    internal static void CombinePortable(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var length = (parts.Length - NttProducts.Padding) / count;
        var repetition = values.Length / length;
        for (var i = 0; i < values.Length; i++)
        {
            var sum = parts[i / repetition];
            for (var k = 1; k < count; k++)
                sum += table.Modulus.Multiply(table.PowerOfX(k)[i], parts[(k * length) + (i / repetition)]);
            values[i] = table.Modulus.Canonical(sum);
        }
    }

    private static void CombineVectors(ReadOnlySpan<double> parts, int count, NttTable table, Span<double> values)
    {
        var modulus = new NttModulus512(table.Modulus);
        var length = (parts.Length - NttProducts.Padding) / count;
        var repetition = values.Length / length;
        var lanes = NttProducts.LanesOf(repetition);
        var shift = BitOperations.Log2((uint)repetition);
        ref var part = ref MemoryMarshal.GetReference(parts);
        ref var value = ref MemoryMarshal.GetReference(values);
        for (nuint i = 0; i < (nuint)values.Length; i += NttProducts.Lanes)
            NttProducts.Spread(ref part, i >> shift, lanes).StoreUnsafe(ref value, i);
        for (var k = 1; k < count; k++)
        {
            ref var power = ref MemoryMarshal.GetArrayDataReference(table.PowerOfX(k));
            var start = (nuint)(k * length);
            for (nuint i = 0; i < (nuint)values.Length; i += NttProducts.Lanes)
            {
                var factor = NttProducts.Spread(ref part, start + (i >> shift), lanes);
                var sum = Vector512.LoadUnsafe(ref value, i) + modulus.Multiply(Vector512.LoadUnsafe(ref power, i), factor);
                (k == count - 1 ? modulus.Canonical(sum) : sum).StoreUnsafe(ref value, i);
            }
        }
    }
}
