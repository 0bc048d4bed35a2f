using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PrivateInference.IR.Execution;

/// <summary>
/// C += A·B in single precision, one panel of columns at a time. Every element of C is one chain of fused multiply-adds
/// over the inner index in increasing order, whatever the vector width: results are the same on every machine.
/// The error is that of a float accumulation: about √inner units in the last place on typical data.
/// </summary>
internal static class Gemm
{
    private const int TileRows = 4;

    /// <summary>Columns in a panel: two vectors.</summary>
    public static int PanelWidth => 2 * Vector<float>.Count;

    /// <summary>C[rows, columns] += A[rows, inner]·B[inner, columns], all row-major and dense.</summary>
    public static void Accumulate(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c, int rows, int inner, int columns)
    {
        int width = PanelWidth;
        float[] panel = ArrayPool<float>.Shared.Rent(inner * width);
        for (int column = 0; column < columns; column += width)
        {
            int used = Math.Min(width, columns - column);
            if (used == width && rows <= TileRows)
            {
                // B is read once or so: packing would cost as much as the product.
                MultiplyPanel(a, rows, inner, b[column..], columns, c[column..], columns);
                continue;
            }

            for (int k = 0; k < inner; k++)
            {
                Span<float> row = panel.AsSpan(k * width, width);
                b.Slice((k * columns) + column, used).CopyTo(row);
                row[used..].Clear();
            }

            AccumulatePanel(a, rows, inner, panel, c[column..], columns, used);
        }

        ArrayPool<float>.Shared.Return(panel);
    }

    /// <summary>
    /// The first <paramref name="columns"/> columns of C (row stride <paramref name="strideC"/>) += A[rows, inner]·panel,
    /// where the panel is [inner, <see cref="PanelWidth"/>].
    /// </summary>
    public static void AccumulatePanel(
        ReadOnlySpan<float> a, int rows, int inner, ReadOnlySpan<float> panel, Span<float> c, int strideC, int columns)
    {
        int width = PanelWidth;
        if (columns == width)
        {
            MultiplyPanel(a, rows, inner, panel, width, c, strideC);
            return;
        }

        float[] whole = ArrayPool<float>.Shared.Rent(rows * width);
        for (int row = 0; row < rows; row++)
            c.Slice(row * strideC, columns).CopyTo(whole.AsSpan(row * width));
        MultiplyPanel(a, rows, inner, panel, width, whole, width);
        for (int row = 0; row < rows; row++)
            whole.AsSpan(row * width, columns).CopyTo(c[(row * strideC)..]);
        ArrayPool<float>.Shared.Return(whole);
    }

    private static void MultiplyPanel(
        ReadOnlySpan<float> a, int rows, int inner, ReadOnlySpan<float> b, int strideB, Span<float> c, int strideC)
    {
        // The tiles below read and write without bounds checks; these slices are the checks.
        if (rows == 0 || inner == 0)
            return;
        _ = a[..(rows * inner)];
        _ = b[..(((inner - 1) * strideB) + PanelWidth)];
        _ = c[..(((rows - 1) * strideC) + PanelWidth)];
        ref float aStart = ref MemoryMarshal.GetReference(a);
        ref float bStart = ref MemoryMarshal.GetReference(b);
        ref float cStart = ref MemoryMarshal.GetReference(c);
        int row = 0;
        for (; row <= rows - TileRows; row += TileRows)
        {
            ref float aRows = ref Unsafe.Add(ref aStart, row * inner);
            MultiplyFourRows(ref aRows, inner, ref bStart, strideB, ref Unsafe.Add(ref cStart, row * strideC), strideC);
        }

        for (; row < rows; row++)
        {
            ref float aRow = ref Unsafe.Add(ref aStart, row * inner);
            MultiplyOneRow(ref aRow, inner, ref bStart, strideB, ref Unsafe.Add(ref cStart, row * strideC));
        }
    }

    /// <summary>Eight accumulators: enough independent chains to hide the latency of a fused multiply-add on two ports.</summary>
    private static void MultiplyFourRows(ref float a, int inner, ref float b, int strideB, ref float c, int strideC)
    {
        nuint half = (nuint)Vector<float>.Count;
        ref float a1 = ref Unsafe.Add(ref a, inner), a2 = ref Unsafe.Add(ref a1, inner), a3 = ref Unsafe.Add(ref a2, inner);
        ref float c1 = ref Unsafe.Add(ref c, strideC), c2 = ref Unsafe.Add(ref c1, strideC), c3 = ref Unsafe.Add(ref c2, strideC);
        Vector<float> c00 = Vector.LoadUnsafe(ref c), c01 = Vector.LoadUnsafe(ref c, half);
        Vector<float> c10 = Vector.LoadUnsafe(ref c1), c11 = Vector.LoadUnsafe(ref c1, half);
        Vector<float> c20 = Vector.LoadUnsafe(ref c2), c21 = Vector.LoadUnsafe(ref c2, half);
        Vector<float> c30 = Vector.LoadUnsafe(ref c3), c31 = Vector.LoadUnsafe(ref c3, half);
        for (int k = 0; k < inner; k++)
        {
            Vector<float> b0 = Vector.LoadUnsafe(ref b), b1 = Vector.LoadUnsafe(ref b, half);
            Vector<float> factor = new(Unsafe.Add(ref a, k));
            c00 = Vector.FusedMultiplyAdd(factor, b0, c00);
            c01 = Vector.FusedMultiplyAdd(factor, b1, c01);
            factor = new(Unsafe.Add(ref a1, k));
            c10 = Vector.FusedMultiplyAdd(factor, b0, c10);
            c11 = Vector.FusedMultiplyAdd(factor, b1, c11);
            factor = new(Unsafe.Add(ref a2, k));
            c20 = Vector.FusedMultiplyAdd(factor, b0, c20);
            c21 = Vector.FusedMultiplyAdd(factor, b1, c21);
            factor = new(Unsafe.Add(ref a3, k));
            c30 = Vector.FusedMultiplyAdd(factor, b0, c30);
            c31 = Vector.FusedMultiplyAdd(factor, b1, c31);
            b = ref Unsafe.Add(ref b, strideB);
        }

        c00.StoreUnsafe(ref c);
        c01.StoreUnsafe(ref c, half);
        c10.StoreUnsafe(ref c1);
        c11.StoreUnsafe(ref c1, half);
        c20.StoreUnsafe(ref c2);
        c21.StoreUnsafe(ref c2, half);
        c30.StoreUnsafe(ref c3);
        c31.StoreUnsafe(ref c3, half);
    }

    private static void MultiplyOneRow(ref float a, int inner, ref float b, int strideB, ref float c)
    {
        nuint half = (nuint)Vector<float>.Count;
        Vector<float> c0 = Vector.LoadUnsafe(ref c), c1 = Vector.LoadUnsafe(ref c, half);
        for (int k = 0; k < inner; k++)
        {
            Vector<float> factor = new(Unsafe.Add(ref a, k));
            c0 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref b), c0);
            c1 = Vector.FusedMultiplyAdd(factor, Vector.LoadUnsafe(ref b, half), c1);
            b = ref Unsafe.Add(ref b, strideB);
        }

        c0.StoreUnsafe(ref c);
        c1.StoreUnsafe(ref c, half);
    }
}
