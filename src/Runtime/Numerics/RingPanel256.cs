using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Products of a panel where AVX2 is the widest: it multiplies 32 bits by 32, so with w = w0 + 2^32·w1 and x likewise,
/// Σ w·x = Σ w0·x0 + 2^32·Σ (w0·x1 + w1·x0) modulo 2^64, whose two sums are kept apart to the end.
/// </summary>
internal static class RingPanel256
{
    private const int Half = RingPanel.Width / 2;

    public static bool IsSupported => Vector256.IsHardwareAccelerated && Avx2.IsSupported;

    /// <summary>Multiplies two rows of weights by a panel [taps × <see cref="RingPanel.Width"/>].</summary>
    public static void MultiplyTwo(
        ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> panel, Span<ulong> firstResult, Span<ulong> secondResult)
    {
        MultiplyHalf(first, second, panel, firstResult, secondResult);
        MultiplyHalf(first, second, panel[Half..], firstResult[Half..], secondResult[Half..]);
    }

    // Two rows share each load of eight columns; the eight sums stay in registers.
    private static void MultiplyHalf(
        ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> panel, Span<ulong> firstResult, Span<ulong> secondResult)
    {
        ref uint u = ref Unsafe.As<ulong, uint>(ref MemoryMarshal.GetReference(first));
        ref uint v = ref Unsafe.As<ulong, uint>(ref MemoryMarshal.GetReference(second));
        ref ulong columns = ref MemoryMarshal.GetReference(panel);
        Vector256<ulong> ua = default, ub = default, va = default, vb = default, upperUa = default, upperUb = default, upperVa = default, upperVb = default;
        for (int k = 0; k < first.Length; k++)
        {
            Vector256<ulong> a = Vector256.LoadUnsafe(ref columns, (nuint)(k * RingPanel.Width));
            Vector256<ulong> b = Vector256.LoadUnsafe(ref columns, (nuint)((k * RingPanel.Width) + 4));
            Vector256<ulong> upperA = a >>> 32, upperB = b >>> 32;
            Vector256<uint> w = Vector256.Create(Unsafe.Add(ref u, 2 * k)), upperW = Vector256.Create(Unsafe.Add(ref u, (2 * k) + 1));
            ua += Product(a, w);
            ub += Product(b, w);
            upperUa += Product(upperA, w) + Product(a, upperW);
            upperUb += Product(upperB, w) + Product(b, upperW);
            w = Vector256.Create(Unsafe.Add(ref v, 2 * k));
            upperW = Vector256.Create(Unsafe.Add(ref v, (2 * k) + 1));
            va += Product(a, w);
            vb += Product(b, w);
            upperVa += Product(upperA, w) + Product(a, upperW);
            upperVb += Product(upperB, w) + Product(b, upperW);
        }

        Store(ua, upperUa, ub, upperUb, firstResult);
        Store(va, upperVa, vb, upperVb, secondResult);
    }

    // Of the lower halves of the 64-bit elements.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> x, Vector256<uint> w) => Avx2.Multiply(x.AsUInt32(), w);

    private static void Store(Vector256<ulong> a, Vector256<ulong> upperA, Vector256<ulong> b, Vector256<ulong> upperB, Span<ulong> result)
    {
        (a + (upperA << 32)).CopyTo(result);
        (b + (upperB << 32)).CopyTo(result[4..]);
    }
}
