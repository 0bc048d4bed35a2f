using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class ReductionTests
{
    [Theory]
    [InlineData(ReduceKind.Sum, 4)]
    [InlineData(ReduceKind.Mean, 1)]
    [InlineData(ReduceKind.Max, 4)]
    [InlineData(ReduceKind.Min, -3)]
    [InlineData(ReduceKind.Prod, -24)]
    [InlineData(ReduceKind.L1, 10)]
    [InlineData(ReduceKind.L2, 5.477226f)]
    [InlineData(ReduceKind.SumSquare, 30)]
    [InlineData(ReduceKind.LogSum, 1.386294f)]
    [InlineData(ReduceKind.LogSumExp, 4.170615f)]
    public void Reductions_combine_the_elements_of_their_axes(ReduceKind kind, float expected)
        => AssertClose([expected], FloatInterpreter.Evaluate(new Reduce(kind, new IntVector(0, 1), KeepDimensions: false), [F([2, 2], 1, 2, -3, 4)]), 1e-5f);

    [Fact]
    public void Axes_are_kept_as_ones_or_dropped()
    {
        AssertClose([6, 9, 12, 15], FloatInterpreter.Evaluate(new Reduce(ReduceKind.Sum, new IntVector(1)), [F([2, 3, 2], 1, 2, 2, 3, 3, 4, 4, 5, 4, 5, 4, 5)]));
        Assert.Equal(new Shape(2, 1, 2), FloatInterpreter.Evaluate(new Reduce(ReduceKind.Sum, new IntVector(1)), [Range(2, 3, 2)]).Shape);
        Assert.Equal(new Shape(3), FloatInterpreter.Evaluate(new Reduce(ReduceKind.Sum, new IntVector(0, 2), KeepDimensions: false), [Range(2, 3, 2)]).Shape);
    }

    [Fact]
    public void Large_exponents_do_not_overflow()
        => AssertClose([1000.6931f], FloatInterpreter.Evaluate(new Reduce(ReduceKind.LogSumExp, new IntVector(0)), [F([2], 1000, 1000)]), 1e-3f);

    [Fact]
    public void Integers_wrap_at_the_width_of_their_type()
        => Assert.Equal([-56L], FloatInterpreter.Evaluate(new Reduce(ReduceKind.Sum, new IntVector(0)), [Typed(ElementType.Int8, 100, 100)]).Integers.ToArray());

    [Fact]
    public void The_best_come_first_and_of_equals_the_first()
    {
        Tensor x = F([5], 3, 1, 3, 5, 2);
        AssertClose([5, 3, 3], FloatInterpreter.Evaluate(new TopK(0, 3), [x]));
        Assert.Equal([3L, 0, 2], FloatInterpreter.Evaluate(new TopK(0, 3, Positions: true), [x]).Integers.ToArray());
        Assert.Equal([1L, 4], FloatInterpreter.Evaluate(new TopK(0, 2, Largest: false, Positions: true), [x]).Integers.ToArray());
        AssertClose([4, 5, 2, 3], FloatInterpreter.Evaluate(new TopK(0, 2), [Range(3, 2)]));
    }

    [Theory]
    [InlineData(false, false, new float[] { 1, 3, 6 })]
    [InlineData(true, false, new float[] { 0, 1, 3 })]
    [InlineData(false, true, new float[] { 6, 5, 3 })]
    [InlineData(true, true, new float[] { 5, 3, 0 })]
    public void Running_sums_go_either_way(bool exclusive, bool reverse, float[] expected)
        => AssertClose(expected, FloatInterpreter.Evaluate(new CumSum(0, exclusive, reverse), [F([3], 1, 2, 3)]));

    [Fact]
    public void Quantisation_rounds_halves_to_even_and_saturates()
        => Assert.Equal(
            [10L, 12, 12, 255, 0, 0],
            FloatInterpreter.Evaluate(new QuantizeLinear(ElementType.UInt8), [F([6], 0.25f, 0.75f, 1.25f, 1e9f, -1e9f, float.NaN), Tensor.Scalar(0.5f), Typed(ElementType.UInt8, 10).Reshape(Shape.Scalar)]).Integers.ToArray());

    [Fact]
    public void Dequantisation_subtracts_the_zero_point_per_axis()
        => AssertClose(
            [-1, 1, 0, 30],
            FloatInterpreter.Evaluate(new DequantizeLinear(), [I([2, 2], 0, 2, 5, 8), F([2, 1], 1, 10), I([2, 1], 1, 5)]));

    [Fact]
    public void Integers_convolve_exactly()
        => Assert.Equal(
            [1L << 24 | 1, 3],
            FloatInterpreter.Evaluate(new Conv(SpatialWindow.Create([2])), [Int32([1, 1, 3], 1 << 24, 1, 2), Int32([1, 1, 2], 1, 1)]).Integers.ToArray());

    private static Tensor Int32(int[] shape, params long[] elements) => Tensor.FromIntegers(new TensorType(ElementType.Int32, new Shape(shape)), elements);
}
