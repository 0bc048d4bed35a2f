using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

public class TensorComparisonTests
{
    [Fact]
    public void The_error_is_relative_to_the_range_of_the_expected_values()
        => Assert.Equal(0.05, TensorComparison.RangeError(Floats(0, 10.5f, 4), Floats(0, 10, 4)), precision: 6);

    [Fact]
    public void The_range_includes_zero()
        => Assert.Equal(0.01, TensorComparison.RangeError(Floats(101, 99), Floats(100, 99)), precision: 6);

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(1, float.NaN)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity)]
    [InlineData(1e-9f, 0)]
    public void What_has_no_relative_error_is_infinitely_wrong(float actual, float expected)
        => Assert.Equal(double.PositiveInfinity, TensorComparison.RangeError(Floats(actual), Floats(expected)));

    [Fact]
    public void Equal_infinities_and_NaNs_are_no_error()
        => Assert.Equal(0, TensorComparison.RangeError(Floats(float.NaN, float.PositiveInfinity, 1), Floats(float.NaN, float.PositiveInfinity, 1)));

    [Fact]
    public void Shapes_and_kinds_of_elements_must_agree()
    {
        Assert.Equal(double.PositiveInfinity, TensorComparison.RangeError(Floats(1), Floats(1, 1)));
        Assert.Equal(double.PositiveInfinity, TensorComparison.RangeError(Floats(1), Tensor.FromInt64(1)));
        Assert.Equal(0.5, TensorComparison.RangeError(Tensor.FromInt64(1, 2), Tensor.FromInt64(0, 2)));
    }

    private static Tensor Floats(params float[] values) => Tensor.FromFloats(new Shape(values.Length), values);
}
