using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class ElementwiseTests
{
    [Theory]
    [InlineData(BinaryKind.Add, new float[] { 11, 22, 33, 14, 25, 36 })]
    [InlineData(BinaryKind.Sub, new float[] { -9, -18, -27, -6, -15, -24 })]
    [InlineData(BinaryKind.Mul, new float[] { 10, 40, 90, 40, 100, 180 })]
    [InlineData(BinaryKind.Div, new float[] { 0.1f, 0.1f, 0.1f, 0.4f, 0.25f, 0.2f })]
    public void Arithmetic_broadcasts_a_row(BinaryKind kind, float[] expected)
        => AssertClose(expected, FloatInterpreter.Evaluate(new Binary(kind), [F([2, 3], 1, 2, 3, 4, 5, 6), F([3], 10, 20, 30)]));

    [Fact]
    public void Both_operands_may_broadcast()
        => AssertClose([11, 21, 12, 22], FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [F([2, 1], 1, 2), F([1, 2], 10, 20)]));

    [Fact]
    public void A_channel_vector_broadcasts_over_the_image()
        => AssertClose(
            [10, 11, 12, 13, 24, 25, 26, 27],
            FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [Range(1, 2, 2, 2), F([2, 1, 1], 10, 20)]));

    [Fact]
    public void Every_element_is_computed_where_vectors_do_not_fill_the_tensor()
    {
        Tensor x = Range(1001);

        Assert.Equal(
            x.Floats.ToArray().Select(v => v - 3), FloatInterpreter.Evaluate(new Binary(BinaryKind.Sub), [x, Tensor.Scalar(3)]).Floats.ToArray());
    }

    [Theory]
    [InlineData(7, 2, 3)]
    [InlineData(-7, 2, -3)]
    [InlineData(7, -2, -3)]
    [InlineData(long.MinValue, -1, long.MinValue)]
    public void Integer_division_truncates_toward_zero(long a, long b, long expected)
        => Assert.Equal([expected], FloatInterpreter.Evaluate(new Binary(BinaryKind.Div), [I([1], a), I([1], b)]).Integers.ToArray());

    [Fact]
    public void Integer_division_by_zero_is_refused()
        => Assert.Throws<GraphException>(() => FloatInterpreter.Evaluate(new Binary(BinaryKind.Div), [I([1], 1), I([1], 0)]));

    [Theory]
    [InlineData(ElementType.Int32, int.MaxValue, int.MinValue)]
    [InlineData(ElementType.Int8, 127, -128)]
    [InlineData(ElementType.UInt8, 255, 0)]
    [InlineData(ElementType.Int4, 7, -8)]
    [InlineData(ElementType.UInt4, 15, 0)]
    public void Integers_wrap_at_the_width_of_their_type(ElementType element, long largest, long expected)
        => Assert.Equal(
            [expected], FloatInterpreter.Evaluate(new Binary(BinaryKind.Add), [Typed(element, largest), Typed(element, 1)]).Integers.ToArray());

    [Fact]
    public void Unsigned_integers_beyond_63_bits_are_refused()
        => Assert.Throws<GraphException>(() => FloatInterpreter.Evaluate(
            new Binary(BinaryKind.Add), [Typed(ElementType.UInt64, long.MaxValue), Typed(ElementType.UInt64, 1)]));

    [Fact]
    public void Relu_keeps_what_is_positive()
    {
        AssertClose([0, 0, 2], FloatInterpreter.Evaluate(new Relu(), [F([3], -1, 0, 2)]));
        Assert.Equal([0L, 5L], FloatInterpreter.Evaluate(new Relu(), [I([2], -5, 5)]).Integers.ToArray());
    }

    [Theory]
    [InlineData(0, 6, new float[] { 0, 3, 6 })]
    [InlineData(float.NegativeInfinity, 6, new float[] { -9, 3, 6 })]
    [InlineData(0, float.PositiveInfinity, new float[] { 0, 3, 9 })]
    [InlineData(5, 2, new float[] { 2, 2, 2 })]
    public void Clip_bounds_below_then_above(float minimum, float maximum, float[] expected)
    {
        AssertClose(expected, FloatInterpreter.Evaluate(new Clip(minimum, maximum), [F([3], -9, 3, 9)]));
        Assert.Equal(
            expected.Select(v => (long)v), FloatInterpreter.Evaluate(new Clip(minimum, maximum), [I([3], -9, 3, 9)]).Integers.ToArray());
    }

    [Theory]
    [InlineData(ElementType.Int64, new long[] { -1, 0, 1, 300 })]
    [InlineData(ElementType.Int32, new long[] { -1, 0, 1, 300 })]
    [InlineData(ElementType.UInt8, new long[] { 255, 0, 1, 44 })]
    [InlineData(ElementType.Bool, new long[] { 1, 0, 1, 1 })]
    public void A_cast_to_integers_truncates(ElementType target, long[] expected)
        => Assert.Equal(expected, FloatInterpreter.Evaluate(new Cast(target), [F([4], -1.9f, 0, 1.9f, 300.5f)]).Integers.ToArray());

    [Fact]
    public void A_fraction_casts_to_true()
        => Assert.Equal([1L], FloatInterpreter.Evaluate(new Cast(ElementType.Bool), [F([1], 0.5f)]).Integers.ToArray());

    [Fact]
    public void A_cast_of_integers_to_floats_keeps_their_value()
    {
        Tensor result = FloatInterpreter.Evaluate(new Cast(ElementType.Float64), [I([2], -3, 4)]);

        Assert.Equal(ElementType.Float64, result.Type.Element);
        AssertClose([-3, 4], result);
    }
}
