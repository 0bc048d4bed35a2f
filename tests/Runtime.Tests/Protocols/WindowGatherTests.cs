using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Protocols.TwoParty;

namespace PrivateInference.Runtime.Tests.Protocols;

public sealed class WindowGatherTests
{
    [Fact]
    public void The_maximum_of_each_gathered_window_is_the_pooled_maximum()
    {
        Random random = new(5);
        for (int trial = 0; trial < 300; trial++)
        {
            PoolGeometry pool = RandomPool(random);
            long[] input = [.. Enumerable.Range(0, pool.InputCount).Select(_ => random.NextInt64(-1000, 1000))];
            long[] expected = new long[pool.OutputCount];
            RingPooling.Max(pool, input, expected);

            ulong[] gathered = WindowGather.Gather(pool, [.. input.Select(x => (ulong)x)]);
            Assert.Equal(pool.OutputCount * pool.WindowSize, gathered.Length);
            Assert.Equal(expected, gathered.Select(x => (long)x).Chunk(pool.WindowSize).Select(w => w.Max()));
        }
    }

    // Every window has at least one position inside the image, as the verifier demands of plans.
    private static PoolGeometry RandomPool(Random random)
    {
        int kernelHeight = random.Next(1, 4), kernelWidth = random.Next(1, 4);
        int strideHeight = random.Next(1, 3), strideWidth = random.Next(1, 3);
        int inputHeight = random.Next(4, 8), inputWidth = random.Next(4, 8);
        int padTop = random.Next(kernelHeight), padLeft = random.Next(kernelWidth);
        return new PoolGeometry
        {
            Planes = random.Next(1, 3),
            InputHeight = inputHeight,
            InputWidth = inputWidth,
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = strideHeight,
            StrideWidth = strideWidth,
            PadTop = padTop,
            PadLeft = padLeft,
            OutputHeight = ((inputHeight - 1 + padTop) / strideHeight) + 1,
            OutputWidth = ((inputWidth - 1 + padLeft) / strideWidth) + 1,
        };
    }
}
