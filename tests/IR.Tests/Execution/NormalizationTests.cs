using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class NormalizationTests
{
    [Fact]
    public void Batch_normalisation_works_per_channel()
        => AssertClose(
            [-1, 1, 9, 12, 7, 9, 21, 24], // 2x − 1 and 3x + 3
            FloatInterpreter.Evaluate(
                new BatchNormalization(1), [Range(2, 2, 2), F([2], 6, 12), F([2], 1, 0), F([2], 1, -1), F([2], 8, 15)]));

    [Fact]
    public void Softmax_sums_to_one_along_its_axis()
    {
        float a = 1 / (1 + MathF.Exp(2)), b = 1 - a;
        AssertClose([a, a, b, b], FloatInterpreter.Evaluate(new Softmax(0), [Range(2, 2)]));
    }

    [Fact]
    public void A_flattening_softmax_sums_to_one_over_all_later_axes()
    {
        Tensor x = F([1, 2, 2], 0, MathF.Log(2), MathF.Log(3), MathF.Log(4));

        AssertClose([0.1f, 0.2f, 0.3f, 0.4f], FloatInterpreter.Evaluate(new Softmax(1, Flatten: true), [x]));
        AssertClose([0.25f, 1 / 3f, 0.75f, 2 / 3f], FloatInterpreter.Evaluate(new Softmax(1), [x]));
    }

    [Fact]
    public void Softmax_of_large_numbers_does_not_overflow()
        => AssertClose([0.5f, 0.5f], FloatInterpreter.Evaluate(new Softmax(0), [F([2], 1e30f, 1e30f)]));

    [Theory]
    [InlineData(false, new long[] { 1, 0 })]
    [InlineData(true, new long[] { 2, 2 })]
    public void The_first_or_the_last_of_equal_maxima_is_the_index(bool last, long[] expected)
        => Assert.Equal(expected, FloatInterpreter.Evaluate(
            new ArgMax(1, KeepDimensions: false, last), [F([2, 3], 1, 5, 5, 4, 4, 4)]).Integers.ToArray());

    [Fact]
    public void The_index_of_the_maximum_along_an_inner_axis()
    {
        Tensor result = FloatInterpreter.Evaluate(new ArgMax(1), [F([1, 2, 2], 1, 9, 3, 4)]);

        Assert.Equal(new Shape(1, 1, 2), result.Shape);
        Assert.Equal([1L, 0L], result.Integers.ToArray());
    }

    [Fact]
    public void Layer_normalisation_takes_its_statistics_over_all_trailing_axes()
    {
        Tensor x = Range(2, 2, 2), scale = F([2], 2, 1), bias = Tensor.Scalar(1);
        float outer = 1.5f / MathF.Sqrt(1.25f), inner = 0.5f / MathF.Sqrt(1.25f);

        AssertClose([-outer, -inner, inner, outer, -outer, -inner, inner, outer], FloatInterpreter.Evaluate(new LayerNormalization(1, 0), [x]));
        AssertClose(
            [1 - (2 * outer), 1 - inner, 1 + (2 * inner), 1 + outer, 1 - (2 * outer), 1 - inner, 1 + (2 * inner), 1 + outer],
            FloatInterpreter.Evaluate(new LayerNormalization(1, 0), [x, scale, bias]));
    }

    [Fact]
    public void Epsilon_is_added_to_the_variance()
        => AssertClose([-0.5f, 0.5f], FloatInterpreter.Evaluate(new LayerNormalization(0, 3), [F([2], -1, 1)]));

    [Fact]
    public void Root_mean_square_normalisation_does_not_center()
        => AssertClose([3 / MathF.Sqrt(12.5f), 4 / MathF.Sqrt(12.5f)], FloatInterpreter.Evaluate(new LayerNormalization(0, 0, Centered: false), [F([2], 3, 4)]));

    [Fact]
    public void Local_response_divides_by_the_squares_of_neighbouring_channels()
        => AssertClose(
            [1 / 7f, 2 / 16f, 3 / 31f, 4 / 27f],
            FloatInterpreter.Evaluate(new LocalResponseNormalization(3, 3, 1, 2), [F([1, 4], 1, 2, 3, 4)]));

    [Theory]
    [InlineData(1, new float[] { -0.25f, 0.75f, 0, 0 })]
    [InlineData(2, new float[] { -0.31622776f, 0.9486833f, 0, 0 })]
    public void A_norm_of_zero_leaves_zeros(int p, float[] expected)
        => AssertClose(expected, FloatInterpreter.Evaluate(new LpNormalization(1, p), [F([2, 2], -1, 3, 0, 0)]));

    [Fact]
    public void Log_softmax_is_exact_beside_a_large_maximum()
        => AssertClose([-1.3132617f, -0.3132617f], FloatInterpreter.Evaluate(new LogSoftmax(0), [F([2], 9999, 10000)]));

    [Fact]
    public void Hardmax_marks_the_first_largest_element()
        => AssertClose([0, 1, 0, 1, 0, 0], FloatInterpreter.Evaluate(new Hardmax(1), [F([2, 3], 1, 5, 5, 2, 2, 2)]));
}
