namespace PrivateInference.Runtime.Plan;

/// <summary>
/// The part of a pooling window that lies inside the image: rows × columns of indices into one plane,
/// First + row · RowStep + column · ColumnStep.
/// </summary>
public readonly record struct PoolWindow(int First, int Rows, int Columns, int RowStep, int ColumnStep)
{
    /// <summary>Elements inside the image; fewer than the kernel's at a padded border.</summary>
    public int Count => Rows * Columns;

    /// <summary>The window of output position (y, x).</summary>
    public static PoolWindow At(PoolGeometry pool, int y, int x)
    {
        ArgumentNullException.ThrowIfNull(pool);
        (int top, int rows) = Inside((y * pool.StrideHeight) - pool.PadTop, pool.KernelHeight, pool.DilationHeight, pool.InputHeight);
        (int left, int columns) = Inside((x * pool.StrideWidth) - pool.PadLeft, pool.KernelWidth, pool.DilationWidth, pool.InputWidth);
        return new PoolWindow(
            (top * pool.InputWidth) + left, rows, columns, pool.DilationHeight * pool.InputWidth, pool.DilationWidth);
    }

    /// <summary>The index into its plane of the window's element number <paramref name="ordinal"/>, row by row.</summary>
    public int IndexOf(int ordinal) => First + (ordinal / Columns * RowStep) + (ordinal % Columns * ColumnStep);

    private static (int First, int Count) Inside(int start, int kernel, int dilation, int size)
    {
        int skipped = start >= 0 ? 0 : (-start + dilation - 1) / dilation;
        int first = start + (skipped * dilation);
        int reachable = first >= size ? 0 : ((size - 1 - first) / dilation) + 1;
        return (first, Math.Clamp(kernel - skipped, 0, reachable));
    }
}
