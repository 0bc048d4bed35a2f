using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Two-dimensional pools over planes. Padding is zero for sums and never wins a maximum.</summary>
public static class RingPooling
{
    /// <summary>
    /// output[plane, y, x] = multipliers[y, x] · Σ window, modulo 2^64; empty <paramref name="multipliers"/> are all one.
    /// </summary>
    public static void Sum(PoolGeometry pool, ImmutableArray<long> multipliers, ReadOnlySpan<ulong> input, Span<ulong> output)
    {
        RequireLengths(pool, input.Length, output.Length);
        int positions = pool.OutputHeight * pool.OutputWidth;
        for (int y = 0; y < pool.OutputHeight; y++)
        {
            for (int x = 0; x < pool.OutputWidth; x++)
            {
                PoolWindow window = PoolWindow.At(pool, y, x);
                int position = (y * pool.OutputWidth) + x;
                ulong multiplier = multipliers.IsDefaultOrEmpty ? 1 : (ulong)multipliers[position];
                for (int plane = 0; plane < pool.Planes; plane++)
                    output[(plane * positions) + position] = multiplier * Sum(window, Plane(pool, input, plane));
            }
        }
    }

    /// <summary>output[plane, y, x] = the largest element of the window. Works on clear integers.</summary>
    /// <exception cref="ArgumentException">A window lies wholly in the padding.</exception>
    public static void Max(PoolGeometry pool, ReadOnlySpan<long> input, Span<long> output)
    {
        RequireLengths(pool, input.Length, output.Length);
        int positions = pool.OutputHeight * pool.OutputWidth;
        for (int y = 0; y < pool.OutputHeight; y++)
        {
            for (int x = 0; x < pool.OutputWidth; x++)
            {
                PoolWindow window = PoolWindow.At(pool, y, x);
                if (window.Count == 0)
                    throw new ArgumentException("A maximum over padding alone has no meaning.", nameof(pool));
                for (int plane = 0; plane < pool.Planes; plane++)
                    output[(plane * positions) + (y * pool.OutputWidth) + x] = Max(window, Plane(pool, input, plane));
            }
        }
    }

    private static ulong Sum(PoolWindow window, ReadOnlySpan<ulong> plane)
    {
        ulong sum = 0;
        for (int row = 0, index = window.First; row < window.Rows; row++, index += window.RowStep)
        {
            for (int column = 0; column < window.Columns; column++)
                sum += plane[index + (column * window.ColumnStep)];
        }

        return sum;
    }

    private static long Max(PoolWindow window, ReadOnlySpan<long> plane)
    {
        long max = long.MinValue;
        for (int row = 0, index = window.First; row < window.Rows; row++, index += window.RowStep)
        {
            for (int column = 0; column < window.Columns; column++)
                max = Math.Max(max, plane[index + (column * window.ColumnStep)]);
        }

        return max;
    }

    private static ReadOnlySpan<T> Plane<T>(PoolGeometry pool, ReadOnlySpan<T> input, int plane)
        => input.Slice(plane * pool.InputHeight * pool.InputWidth, pool.InputHeight * pool.InputWidth);

    private static void RequireLengths(PoolGeometry pool, int input, int output)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (input != pool.InputCount || output != pool.OutputCount)
            throw new ArgumentException($"{input} inputs and {output} outputs do not fit the pool.", nameof(input));
    }
}
