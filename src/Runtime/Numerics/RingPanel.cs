using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Products of 64-bit words modulo 2^64: the inner kernels of <see cref="RingConvolution"/>.</summary>
internal static class RingPanel
{
    /// <summary>Columns of a panel: two 512-bit vectors.</summary>
    public const int Width = 16;

    /// <summary>result[row · stride + p] = Σ_k weights[row, k] · panel[k, p] for the first <paramref name="columns"/> p.</summary>
    public static void Multiply(
        ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, int rows, int taps, Span<ulong> result, int stride, int columns)
    {
        if (Vector512.IsHardwareAccelerated)
            MultiplyByFours(weights, panel, rows, taps, result, stride, columns);
        else
            MultiplyByTwos(weights, panel, rows, taps, result, stride, columns);
    }

    /// <summary>The portable twin of <see cref="Multiply"/>, which tests compare it with.</summary>
    public static void MultiplyPortable(
        ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, int rows, int taps, Span<ulong> result, int stride, int columns)
    {
        for (int row = 0; row < rows; row++)
        {
            Span<ulong> target = result.Slice(row * stride, columns);
            target.Clear();
            for (int k = 0; k < taps; k++)
            {
                ulong weight = weights[(row * taps) + k];
                for (int p = 0; p < columns; p++)
                    target[p] += weight * panel[(k * Width) + p];
            }
        }
    }

    /// <summary>Σ left[k] · right[k].</summary>
    public static ulong Dot(ReadOnlySpan<ulong> left, ReadOnlySpan<ulong> right)
    {
        int k = 0;
        ulong sum = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            ReadOnlySpan<Vector512<ulong>> a = MemoryMarshal.Cast<ulong, Vector512<ulong>>(left);
            ReadOnlySpan<Vector512<ulong>> b = MemoryMarshal.Cast<ulong, Vector512<ulong>>(right)[..a.Length];
            Vector512<ulong> sums = default;
            for (int i = 0; i < a.Length; i++)
                sums += a[i] * b[i];
            sum = Vector512.Sum(sums);
            k = a.Length * Vector512<ulong>.Count;
        }

        for (; k < left.Length; k++)
            sum += left[k] * right[k];
        return sum;
    }

    private static void MultiplyByFours(
        ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, int rows, int taps, Span<ulong> result, int stride, int columns)
    {
        Span<ulong> four = stackalloc ulong[4 * Width];
        int row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            MultiplyFour(weights.Slice(row * taps, 4 * taps), panel, taps, four);
            for (int r = 0; r < 4; r++)
                four.Slice(r * Width, columns).CopyTo(result[((row + r) * stride)..]);
        }

        Span<ulong> one = four[..Width];
        for (; row < rows; row++)
        {
            MultiplyOne(weights.Slice(row * taps, taps), panel, one);
            one[..columns].CopyTo(result[(row * stride)..]);
        }
    }

    // An odd row at the end is multiplied twice.
    private static void MultiplyByTwos(
        ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, int rows, int taps, Span<ulong> result, int stride, int columns)
    {
        Span<ulong> two = stackalloc ulong[2 * Width];
        for (int row = 0; row < rows; row += 2)
        {
            int next = Math.Min(row + 1, rows - 1);
            ReadOnlySpan<ulong> first = weights.Slice(row * taps, taps), second = weights.Slice(next * taps, taps);
            if (RingPanel256.IsSupported)
                RingPanel256.MultiplyTwo(first, second, panel, two[..Width], two[Width..]);
            else
                RingPanelScalar.MultiplyTwo(first, second, panel, two[..Width], two[Width..]);
            two[..columns].CopyTo(result[(row * stride)..]);
            two.Slice(Width, columns).CopyTo(result[(next * stride)..]);
        }
    }

    // Four rows share each load of the panel; the eight accumulators stay in registers.
    private static void MultiplyFour(ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, int taps, Span<ulong> result)
    {
        ReadOnlySpan<Vector512<ulong>> columns = MemoryMarshal.Cast<ulong, Vector512<ulong>>(panel);
        ReadOnlySpan<ulong> w0 = weights[..taps], w1 = weights.Slice(taps, taps), w2 = weights.Slice(2 * taps, taps), w3 = weights.Slice(3 * taps, taps);
        Vector512<ulong> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
        for (int k = 0; k < w0.Length; k++)
        {
            Vector512<ulong> a = columns[2 * k], b = columns[(2 * k) + 1];
            Vector512<ulong> w = Vector512.Create(w0[k]);
            a0 += w * a;
            b0 += w * b;
            w = Vector512.Create(w1[k]);
            a1 += w * a;
            b1 += w * b;
            w = Vector512.Create(w2[k]);
            a2 += w * a;
            b2 += w * b;
            w = Vector512.Create(w3[k]);
            a3 += w * a;
            b3 += w * b;
        }

        Span<Vector512<ulong>> rows = MemoryMarshal.Cast<ulong, Vector512<ulong>>(result);
        (rows[0], rows[1], rows[2], rows[3]) = (a0, b0, a1, b1);
        (rows[4], rows[5], rows[6], rows[7]) = (a2, b2, a3, b3);
    }

    // Four sums, so that the products' latencies overlap.
    private static void MultiplyOne(ReadOnlySpan<ulong> weights, ReadOnlySpan<ulong> panel, Span<ulong> result)
    {
        ReadOnlySpan<Vector256<ulong>> columns = MemoryMarshal.Cast<ulong, Vector256<ulong>>(panel);
        Vector256<ulong> a = default, b = default, c = default, d = default;
        for (int k = 0; k < weights.Length; k++)
        {
            Vector256<ulong> w = Vector256.Create(weights[k]);
            a += w * columns[4 * k];
            b += w * columns[(4 * k) + 1];
            c += w * columns[(4 * k) + 2];
            d += w * columns[(4 * k) + 3];
        }

        Span<Vector256<ulong>> row = MemoryMarshal.Cast<ulong, Vector256<ulong>>(result);
        (row[0], row[1], row[2], row[3]) = (a, b, c, d);
    }
}
