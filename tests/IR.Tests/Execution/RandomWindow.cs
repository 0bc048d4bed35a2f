using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Tests.Execution;

/// <summary>Random window geometries: unequal sizes, strides and dilations along the axes, unequal pads at the ends.</summary>
internal static class RandomWindow
{
    /// <summary>A window over <paramref name="rank"/> axes whose pads are smaller than the kernel.</summary>
    public static SpatialWindow Next(Random random, int rank, int maxKernel = 4, int maxDilation = 3)
    {
        int[] kernel = Draw(random, rank, 1, maxKernel), pads = new int[2 * rank];
        for (int i = 0; i < pads.Length; i++)
            pads[i] = random.Next(kernel[i % rank]);
        return new SpatialWindow(
            new IntVector(kernel), new IntVector(Draw(random, rank, 1, 3)), new IntVector(Draw(random, rank, 1, maxDilation)), new IntVector(pads));
    }

    /// <summary>Spatial sizes that the window fits on, often with elements left over at the end.</summary>
    public static int[] Sizes(Random random, SpatialWindow window)
        => [.. Enumerable.Range(0, window.Rank).Select(axis => window.Extent(axis) + random.Next(window.Rank == 3 ? 4 : 9))];

    private static int[] Draw(Random random, int count, int minimum, int maximum)
        => [.. Enumerable.Range(0, count).Select(_ => random.Next(minimum, maximum + 1))];
}
