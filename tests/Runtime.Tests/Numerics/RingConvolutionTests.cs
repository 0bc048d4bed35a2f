using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Numerics;

public sealed class RingConvolutionTests
{
    [Fact]
    public void Every_geometry_agrees_with_the_definition()
    {
        Random random = new(1);
        for (int trial = 0; trial < 300; trial++)
        {
            ConvolutionGeometry geometry = RandomGeometry(random);
            ulong[] input = Words(random, geometry.InputCount), weights = Words(random, geometry.WeightCount);
            ulong[] output = new ulong[geometry.OutputCount];
            RingConvolution.Apply(geometry, input, weights, output);
            Assert.True(Naive(geometry, input, weights).AsSpan().SequenceEqual(output), $"{geometry}");
        }
    }

    [Fact]
    public void The_vector_kernel_agrees_with_its_portable_twin()
    {
        Random random = new(2);
        foreach ((int rows, int taps, int columns) in new[] { (1, 1, 1), (3, 7, 16), (4, 9, 5), (11, 40, 16) })
        {
            ulong[] weights = Words(random, rows * taps), panel = Words(random, taps * RingPanel.Width);
            ulong[] fast = new ulong[rows * columns], portable = new ulong[rows * columns];
            RingPanel.Multiply(weights, panel, rows, taps, fast, columns, columns);
            RingPanel.MultiplyPortable(weights, panel, rows, taps, portable, columns, columns);
            Assert.Equal(portable, fast);
        }
    }

    [Fact]
    public void The_kernel_without_vectors_agrees_with_the_portable_twin() => AssertTwoRows(RingPanelScalar.MultiplyTwo);

    [SkippableFact]
    public void The_kernel_on_32_bit_halves_agrees_with_the_portable_twin()
    {
        Skip.IfNot(RingPanel256.IsSupported);
        AssertTwoRows(RingPanel256.MultiplyTwo);
    }

    [Fact]
    public void Dot_products_of_any_length_are_exact_modulo_2_to_64()
    {
        Random random = new(3);
        for (int length = 0; length < 40; length++)
        {
            ulong[] left = Words(random, length), right = Words(random, length);
            Assert.Equal(left.Zip(right, (a, b) => a * b).Aggregate(0UL, (sum, x) => sum + x), RingPanel.Dot(left, right));
        }
    }

    [Fact]
    public void The_bias_goes_to_its_channel_in_every_image()
    {
        ConvolutionGeometry geometry = new() { Batch = 2, InputChannels = 1, InputHeight = 1, InputWidth = 2, OutputChannels = 2 };
        ulong[] output = new ulong[8];
        RingConvolution.AddBias(geometry, [1, 2], output);
        Assert.Equal([1UL, 1, 2, 2, 1, 1, 2, 2], output);
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
        => Assert.Throws<ArgumentException>(() => RingConvolution.Apply(
            new ConvolutionGeometry { InputChannels = 1, InputHeight = 2, InputWidth = 2, OutputChannels = 1 }, new ulong[3], new ulong[1], new ulong[4]));

    private delegate void TwoRows(
        ReadOnlySpan<ulong> first, ReadOnlySpan<ulong> second, ReadOnlySpan<ulong> panel, Span<ulong> firstResult, Span<ulong> secondResult);

    // Random words, and words whose halves are all ones or zeros, where sums of products of halves carry most.
    private static void AssertTwoRows(TwoRows multiply)
    {
        Random random = new(4);
        ulong[] edges = [0, 1, uint.MaxValue, 1UL << 32, ulong.MaxValue - uint.MaxValue, ulong.MaxValue];
        foreach (int taps in (int[])[1, 2, 9, 576])
        {
            foreach (bool atEdges in (bool[])[false, true])
            {
                ulong[] Operand(int length) => atEdges ? [.. Enumerable.Range(0, length).Select(_ => edges[random.Next(edges.Length)])] : Words(random, length);
                ulong[] weights = Operand(2 * taps), panel = Operand(taps * RingPanel.Width);
                ulong[] expected = new ulong[2 * RingPanel.Width], actual = new ulong[2 * RingPanel.Width];
                RingPanel.MultiplyPortable(weights, panel, 2, taps, expected, RingPanel.Width, RingPanel.Width);
                multiply(weights.AsSpan(0, taps), weights.AsSpan(taps), panel, actual.AsSpan(0, RingPanel.Width), actual.AsSpan(RingPanel.Width));
                Assert.Equal(expected, actual);
            }
        }
    }

    private static ConvolutionGeometry RandomGeometry(Random random)
    {
        int groups = random.Next(1, 4), kernelHeight = random.Next(1, 4), kernelWidth = random.Next(1, 4);
        int dilationHeight = random.Next(1, 3), dilationWidth = random.Next(1, 3);
        return new ConvolutionGeometry
        {
            Batch = random.Next(1, 3),
            InputChannels = groups * random.Next(1, 4),
            InputHeight = ((kernelHeight - 1) * dilationHeight) + 1 + random.Next(8),
            InputWidth = ((kernelWidth - 1) * dilationWidth) + 1 + random.Next(8),
            OutputChannels = groups * random.Next(1, 7),
            KernelHeight = kernelHeight,
            KernelWidth = kernelWidth,
            StrideHeight = random.Next(1, 4),
            StrideWidth = random.Next(1, 4),
            DilationHeight = dilationHeight,
            DilationWidth = dilationWidth,
            PadTop = random.Next(3),
            PadLeft = random.Next(3),
            PadBottom = random.Next(3),
            PadRight = random.Next(3),
            Groups = groups,
        };
    }

    private static ulong[] Naive(ConvolutionGeometry g, ulong[] input, ulong[] weights)
    {
        ulong[] output = new ulong[g.OutputCount];
        int index = 0;
        for (int n = 0; n < g.Batch; n++)
        for (int m = 0; m < g.OutputChannels; m++)
        for (int oy = 0; oy < g.OutputHeight; oy++)
        for (int ox = 0; ox < g.OutputWidth; ox++, index++)
        for (int c = 0; c < g.InputChannelsPerGroup; c++)
        for (int ky = 0; ky < g.KernelHeight; ky++)
        for (int kx = 0; kx < g.KernelWidth; kx++)
        {
            int y = (oy * g.StrideHeight) + (ky * g.DilationHeight) - g.PadTop, x = (ox * g.StrideWidth) + (kx * g.DilationWidth) - g.PadLeft;
            if (y < 0 || y >= g.InputHeight || x < 0 || x >= g.InputWidth)
                continue;
            int channel = (m / g.OutputChannelsPerGroup * g.InputChannelsPerGroup) + c;
            ulong weight = weights[(((((m * g.InputChannelsPerGroup) + c) * g.KernelHeight) + ky) * g.KernelWidth) + kx];
            output[index] += weight * input[((((n * g.InputChannels) + channel) * g.InputHeight) + y) * g.InputWidth + x];
        }

        return output;
    }

    private static ulong[] Words(Random random, int count)
        => [.. Enumerable.Range(0, count).Select(_ => (ulong)random.NextInt64(long.MinValue, long.MaxValue))];
}
