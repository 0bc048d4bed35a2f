using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class PoolingTests
{
    [Fact]
    public void Maximum_over_two_by_two_windows()
        => AssertClose([5, 7, 13, 15], FloatInterpreter.Evaluate(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [Range(1, 1, 4, 4)]));

    [Fact]
    public void Padding_never_wins_a_maximum()
        => AssertClose([-1, -1], FloatInterpreter.Evaluate(new MaxPool(SpatialWindow.Create([2], stride: 2, pad: 1)), [F([1, 1, 2], -1, -1)]));

    [Fact]
    public void Integers_have_a_maximum_too()
        => Assert.Equal([9L, 9L], FloatInterpreter.Evaluate(new MaxPool(SpatialWindow.Create([2])), [I([1, 1, 3], -2, 9, 7)]).Integers.ToArray());

    [Theory]
    [InlineData(false, new float[] { 1, 2.5f, 4 })]
    [InlineData(true, new float[] { 0.5f, 2.5f, 2 })]
    public void Padding_counts_in_a_mean_only_when_asked(bool countIncludePad, float[] expected)
        => AssertClose(expected, FloatInterpreter.Evaluate(
            new AveragePool(SpatialWindow.Create([2], stride: 2, pad: 1), CountIncludePad: countIncludePad), [F([1, 1, 4], 1, 2, 3, 4)]));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_ceil_mode_covers_beyond_the_input_never_counts_in_a_mean(bool countIncludePad)
        => AssertClose([1.5f, 3], FloatInterpreter.Evaluate(
            new AveragePool(SpatialWindow.Create([2], stride: 2), CeilMode: true, countIncludePad), [F([1, 1, 3], 1, 2, 3)]));

    [Fact]
    public void Windows_of_padding_alone_have_a_value()
    {
        SpatialWindow window = SpatialWindow.Create([1], pad: 1);

        AssertClose([0, 5, 0], FloatInterpreter.Evaluate(new AveragePool(window), [F([1, 1, 1], 5)]));
        Assert.Equal(
            [float.MinValue, 5, float.MinValue], FloatInterpreter.Evaluate(new MaxPool(window), [F([1, 1, 1], 5)]).Floats.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Pools_equal_the_reference_whatever_their_geometry(int spatialRank)
    {
        Random random = new(spatialRank);
        for (int trial = 0; trial < 60; trial++)
        {
            SpatialWindow window = RandomWindow.Next(random, spatialRank);
            Tensor x = TestTensors.Random(random, [random.Next(1, 3), random.Next(1, 4), .. RandomWindow.Sizes(random, window)]);
            bool ceil = random.Next(2) == 0, includePad = random.Next(2) == 0;

            Tensor maximum = FloatInterpreter.Evaluate(new MaxPool(window, ceil), [x]);
            Tensor mean = FloatInterpreter.Evaluate(new AveragePool(window, ceil, includePad), [x]);

            int[][] outputs = [.. Positions.Of([.. maximum.Shape.Dimensions])];
            AssertClose([.. outputs.Select(o => Inside(window, x, o).DefaultIfEmpty(float.MinValue).Max())], maximum, tolerance: 0);
            AssertClose([.. outputs.Select(o => Mean(window, x, o, includePad))], mean, tolerance: 1e-5f);
        }
    }

    [Fact]
    public void A_norm_over_windows_ignores_padding()
        => AssertClose([3, 5, 4], FloatInterpreter.Evaluate(new LpPool(SpatialWindow.Create([2], pad: 1)), [F([1, 1, 2], -3, 4)]), tolerance: 1e-5f);

    [Fact]
    public void The_order_of_a_norm_is_its_exponent()
        => AssertClose([7], FloatInterpreter.Evaluate(new LpPool(SpatialWindow.Create([2]), P: 1), [F([1, 1, 2], -3, 4)]), tolerance: 1e-5f);

    [Theory]
    [InlineData(false, new long[] { 5, 7, 8, 11 })]
    [InlineData(true, new long[] { 4, 10, 2, 11 })]
    public void Positions_of_maxima_count_in_the_asked_order(bool columnMajor, long[] expected)
    {
        Tensor x = F([1, 1, 3, 4], 0, 1, 2, 3, 4, 9, 6, 8, 1, 1, 0, 9);
        MaxPoolIndices indices = new(SpatialWindow.Create([2, 2], stride: 2), CeilMode: true, columnMajor);

        Assert.Equal(expected, FloatInterpreter.Evaluate(indices, [x]).Integers.ToArray());
    }

    [Fact]
    public void Positions_point_at_the_maxima()
    {
        Random random = new(7);
        for (int trial = 0; trial < 40; trial++)
        {
            SpatialWindow window = RandomWindow.Next(random, 2, maxDilation: 1);
            Tensor x = TestTensors.Random(random, [2, 2, .. RandomWindow.Sizes(random, window)]);

            Tensor maxima = FloatInterpreter.Evaluate(new MaxPool(window), [x]);
            Tensor positions = FloatInterpreter.Evaluate(new MaxPoolIndices(window), [x]);

            AssertClose([.. positions.Integers.ToArray().Select(p => x.Floats[(int)p])], maxima, tolerance: 0);
        }
    }

    private static IEnumerable<float> Inside(SpatialWindow window, Tensor x, int[] output)
        => Window(window, output).Select(at => Positions.At(x, at)).OfType<float>();

    private static float Mean(SpatialWindow window, Tensor x, int[] output, bool includePad)
    {
        int count = Window(window, output).Count(at => Enumerable.Range(0, window.Rank).All(axis =>
        {
            int low = includePad ? -window.PadBegin(axis) : 0, high = x.Shape[axis + 2] + (includePad ? window.PadEnd(axis) : 0);
            return at[axis + 2] >= low && at[axis + 2] < high;
        }));
        return Inside(window, x, output).Sum() / Math.Max(count, 1);
    }

    private static IEnumerable<int[]> Window(SpatialWindow window, int[] output)
        => Positions.Of([.. window.Kernel]).Select(tap => (int[])[output[0], output[1], .. Enumerable.Range(0, window.Rank).Select(
            axis => (output[axis + 2] * window.Strides[axis]) + (tap[axis] * window.Dilations[axis]) - window.PadBegin(axis))]);
}
