using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class RingPoolingTests
{
    [Fact]
    public void Windows_agree_with_the_definition_for_any_geometry()
    {
        Random random = new(4);
        for (int trial = 0; trial < 300; trial++)
        {
            PoolGeometry pool = RandomPool(random);
            long[] input = [.. Enumerable.Range(0, pool.InputCount).Select(_ => random.NextInt64(-1000, 1000))];
            List<long>[] windows = Windows(pool, input);
            ulong[] sums = new ulong[pool.OutputCount];
            RingPooling.Sum(pool, [], [.. input.Select(x => (ulong)x)], sums);
            Assert.Equal(windows.Select(w => w.Sum()), sums.Select(x => (long)x));
            long[] maxima = new long[pool.OutputCount];
            if (windows.All(w => w.Count > 0))
            {
                RingPooling.Max(pool, input, maxima);
                Assert.Equal(windows.Select(w => w.Max()), maxima);
            }
            else
            {
                Assert.Throws<ArgumentException>(() => RingPooling.Max(pool, input, maxima));
            }
        }
    }

    [Fact]
    public void Multipliers_belong_to_output_positions()
    {
        PoolGeometry pool = new() { Planes = 2, InputHeight = 1, InputWidth = 2, OutputHeight = 1, OutputWidth = 2, KernelHeight = 1, KernelWidth = 1 };
        ulong[] output = new ulong[4];
        RingPooling.Sum(pool, [3, -1], [1, 2, 5, 7], output);
        Assert.Equal([3L, -2, 15, -7], output.Select(x => (long)x));
    }

    [Fact]
    public void Elements_of_a_window_are_numbered_row_by_row()
    {
        PoolGeometry pool = new() { Planes = 1, InputHeight = 3, InputWidth = 4, OutputHeight = 2, OutputWidth = 2, KernelHeight = 2, KernelWidth = 2, PadTop = 1, PadLeft = 1 };
        PoolWindow corner = PoolWindow.At(pool, 0, 0), inner = PoolWindow.At(pool, 1, 1);
        Assert.Equal([0], Enumerable.Range(0, corner.Count).Select(corner.IndexOf));
        Assert.Equal([0, 1, 4, 5], Enumerable.Range(0, inner.Count).Select(inner.IndexOf));
    }

    private static PoolGeometry RandomPool(Random random) => new()
    {
        Planes = random.Next(1, 4),
        InputHeight = random.Next(1, 8),
        InputWidth = random.Next(1, 8),
        OutputHeight = random.Next(1, 5),
        OutputWidth = random.Next(1, 5),
        KernelHeight = random.Next(1, 4),
        KernelWidth = random.Next(1, 4),
        StrideHeight = random.Next(1, 3),
        StrideWidth = random.Next(1, 3),
        DilationHeight = random.Next(1, 3),
        DilationWidth = random.Next(1, 3),
        PadTop = random.Next(3),
        PadLeft = random.Next(3),
    };

    private static List<long>[] Windows(PoolGeometry pool, long[] input)
    {
        List<List<long>> windows = [];
        for (int plane = 0; plane < pool.Planes; plane++)
        for (int oy = 0; oy < pool.OutputHeight; oy++)
        for (int ox = 0; ox < pool.OutputWidth; ox++)
        {
            List<long> window = [];
            for (int ky = 0; ky < pool.KernelHeight; ky++)
            for (int kx = 0; kx < pool.KernelWidth; kx++)
            {
                int y = (oy * pool.StrideHeight) + (ky * pool.DilationHeight) - pool.PadTop, x = (ox * pool.StrideWidth) + (kx * pool.DilationWidth) - pool.PadLeft;
                if (y >= 0 && y < pool.InputHeight && x >= 0 && x < pool.InputWidth)
                    window.Add(input[(((plane * pool.InputHeight) + y) * pool.InputWidth) + x]);
            }

            windows.Add(window);
        }

        return [.. windows];
    }
}
