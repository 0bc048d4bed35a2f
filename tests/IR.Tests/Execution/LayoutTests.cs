using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class LayoutTests
{
    [Fact]
    public void A_transpose_permutes_the_axes()
    {
        Tensor x = Range(2, 3, 4);
        Tensor result = FloatInterpreter.Evaluate(new Transpose(new IntVector(2, 0, 1)), [x]);

        Assert.Equal(new Shape(4, 2, 3), result.Shape);
        foreach (int[] i in Positions.Of(4, 2, 3))
            Assert.Equal(Positions.At(x, i[1], i[2], i[0]), Positions.At(result, i));
    }

    [Fact]
    public void A_transpose_of_a_scalar_is_the_scalar()
        => AssertClose([5], FloatInterpreter.Evaluate(new Transpose(IntVector.Empty), [Tensor.Scalar(5)]));

    [Fact]
    public void A_slice_takes_strided_elements_forwards_and_backwards()
        => AssertClose(
            [11, 9, 3, 1],
            FloatInterpreter.Evaluate(new Slice(new IntVector(2, 3), new IntVector(2, 2), new IntVector(-2, -2)), [Range(3, 4)]));

    [Fact]
    public void A_slice_may_be_empty()
        => Assert.Equal(0, FloatInterpreter.Evaluate(new Slice(new IntVector(9), new IntVector(0), new IntVector(1)), [Range(3)]).Shape.Count);

    [Fact]
    public void Padding_surrounds_the_tensor_with_its_value()
        => AssertClose(
            [9, 9, 9, 9, 0, 1, 9, 2, 3],
            FloatInterpreter.Evaluate(new Pad(new IntVector(1, 1, 0, 0), 9), [Range(2, 2)]));

    [Fact]
    public void Concatenation_joins_along_its_axis()
        => AssertClose(
            [0, 1, 0, 2, 3, 1], FloatInterpreter.Evaluate(new Concat(1), [Range(2, 2), F([2, 1], 0, 1)]));

    [Fact]
    public void Integers_move_like_floats()
    {
        Assert.Equal([1L, 2L, 3L], FloatInterpreter.Evaluate(new Concat(0), [I([1], 1), I([2], 2, 3)]).Integers.ToArray());
        Assert.Equal([7L, 1L], FloatInterpreter.Evaluate(new Pad(new IntVector(1, 0), 7), [I([1], 1)]).Integers.ToArray());
    }

    [Fact]
    public void Gather_selects_along_its_axis_and_negative_indices_count_from_the_end()
    {
        Tensor result = FloatInterpreter.Evaluate(new Gather(1), [Range(2, 3), I([2, 1], -1, 0)]);

        Assert.Equal(new Shape(2, 2, 1), result.Shape);
        AssertClose([2, 0, 5, 3], result);
    }

    [Fact]
    public void Gather_with_a_scalar_index_drops_the_axis()
        => Assert.Equal(Shape.Scalar, FloatInterpreter.Evaluate(new Gather(0), [Tensor.FromInt64(1, 28, 28), I([], 1)]).Shape);

    [Theory]
    [InlineData(3)]
    [InlineData(-4)]
    [InlineData(long.MaxValue)]
    public void Gather_refuses_an_index_out_of_range(long index)
        => Assert.Throws<GraphException>(() => FloatInterpreter.Evaluate(new Gather(0), [Range(3), I([1], index)]));

    [Fact]
    public void A_reshape_keeps_the_elements()
    {
        Tensor result = FloatInterpreter.Evaluate(new Reshape(new Shape(3, 2)), [Range(2, 3)]);

        Assert.Equal(new Shape(3, 2), result.Shape);
        AssertClose([0, 1, 2, 3, 4, 5], result);
    }
}
