using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class ComparisonTests
{
    [Theory]
    [InlineData(CompareKind.Equal, new long[] { 0, 1, 0 })]
    [InlineData(CompareKind.Less, new long[] { 1, 0, 0 })]
    [InlineData(CompareKind.LessOrEqual, new long[] { 1, 1, 0 })]
    [InlineData(CompareKind.Greater, new long[] { 0, 0, 1 })]
    [InlineData(CompareKind.GreaterOrEqual, new long[] { 0, 1, 1 })]
    public void Relations_hold_for_floats_and_integers(CompareKind kind, long[] expected)
    {
        Assert.Equal(expected, Integers(new Compare(kind), F([3], 1, 2, 3), Tensor.Scalar(2)));
        Assert.Equal(expected, Integers(new Compare(kind), I([3], 1, 2, 3), I([1], 2)));
    }

    [Fact]
    public void Nothing_equals_a_NaN()
        => Assert.Equal([0L], Integers(new Compare(CompareKind.Equal), F([1], float.NaN), F([1], float.NaN)));

    [Theory]
    [InlineData(LogicalKind.And, new long[] { 0, 0, 0, 1 })]
    [InlineData(LogicalKind.Or, new long[] { 0, 1, 1, 1 })]
    [InlineData(LogicalKind.Xor, new long[] { 0, 1, 1, 0 })]
    public void Connectives_have_their_truth_table(LogicalKind kind, long[] expected)
        => Assert.Equal(expected, Integers(new Logical(kind), Typed(ElementType.Bool, 0, 0, 1, 1), Typed(ElementType.Bool, 0, 1, 0, 1)));

    [Fact]
    public void Negation_swaps_truth_values()
        => Assert.Equal([1L, 0L], Integers(new Unary(UnaryKind.Not), Typed(ElementType.Bool, 0, 1)));

    [Fact]
    public void A_choice_broadcasts_all_three_operands()
    {
        Tensor condition = Tensor.FromIntegers(new TensorType(ElementType.Bool, new Shape(2, 1)), [1, 0]);

        AssertClose([1, 2, 9, 9], FloatInterpreter.Evaluate(new Where(), [condition, F([1, 2], 1, 2), Tensor.Scalar(9)]));
        Assert.Equal([1L, 2L, 9L, 9L], Integers(new Where(), condition, I([1, 2], 1, 2), I([1], 9)));
    }

    [Theory]
    [InlineData(BinaryKind.Min, 3, -4, -4)]
    [InlineData(BinaryKind.Max, 3, -4, 3)]
    [InlineData(BinaryKind.Pow, 3, 4, 81)]
    [InlineData(BinaryKind.Pow, -1, -3, -1)]
    [InlineData(BinaryKind.Pow, 2, -1, 0)]
    [InlineData(BinaryKind.Pow, 2, 64, 0)]
    [InlineData(BinaryKind.Mod, -7, 3, 2)]
    [InlineData(BinaryKind.Mod, 7, -3, -2)]
    [InlineData(BinaryKind.Fmod, -7, 3, -1)]
    [InlineData(BinaryKind.Fmod, long.MinValue, -1, 0)]
    public void Integer_arithmetic_follows_ONNX(BinaryKind kind, long a, long b, long expected)
        => Assert.Equal([expected], Integers(new Binary(kind), I([1], a), I([1], b)));

    [Theory]
    [InlineData(BinaryKind.Min, 3, -4, -4)]
    [InlineData(BinaryKind.Max, 3, -4, 3)]
    [InlineData(BinaryKind.Pow, 2, 0.5f, 1.4142135f)]
    [InlineData(BinaryKind.Mod, -7, 3, 2)]
    [InlineData(BinaryKind.Fmod, -7, 3, -1)]
    public void Float_arithmetic_follows_ONNX(BinaryKind kind, float a, float b, float expected)
        => AssertClose([expected], FloatInterpreter.Evaluate(new Binary(kind), [F([1], a), F([1], b)]));

    [Fact]
    public void A_remainder_by_zero_is_refused()
        => Assert.Throws<GraphException>(() => FloatInterpreter.Evaluate(new Binary(BinaryKind.Mod), [I([1], 1), I([1], 0)]));

    private static long[] Integers(Operation operation, params Tensor[] inputs) => FloatInterpreter.Evaluate(operation, inputs).Integers.ToArray();
}
