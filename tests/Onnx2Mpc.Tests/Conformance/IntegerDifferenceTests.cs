using PrivateInference.CommandLine.Support;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.CommandLine.Tests.Conformance;

public sealed class IntegerDifferenceTests
{
    [Theory]
    [InlineData(0, 0, true, "0 of 3,000 integers differ")]
    [InlineData(3, 1, true, "3 of 3,000 integers differ by 1")]
    [InlineData(4, 1, false, "4 of 3,000 integers differ by 1")]
    [InlineData(1, 2, false, "1 of 3,000 integers differ by up to 2")]
    public void One_integer_in_a_thousand_may_be_rounded_the_other_way(int different, int steps, bool isRounding, string text)
    {
        const float Step = 0.05f;
        float[] expected = [.. Enumerable.Range(0, 3000).Select(i => Step * (i % 3))], actual = [.. expected];
        for (int i = 0; i < different; i++)
            actual[i * 7] += (i % 2 == 0 ? 1 : -1) * steps * Step;
        IntegerDifference difference = IntegerDifference.Of(actual, expected, Step);
        Assert.Equal((isRounding, text), (difference.IsRounding, difference.ToString()));
        Assert.Equal(new IntegerDifference(6000, 2 * different, steps), difference.Join(difference));
    }

    [Fact]
    public void The_step_is_that_of_the_quantisation_that_the_model_ends_with()
    {
        Assert.Equal(1, IntegerDifference.StepOf(Model(dequantized: false, 0.25f)));
        Assert.Equal(0.25, IntegerDifference.StepOf(Model(dequantized: true, 0.25f)));
        Assert.Null(IntegerDifference.StepOf(Model(dequantized: true, 0.25f, 0.5f)));
        GraphBuilder builder = new("float");
        builder.Output(builder.Add(new Relu(), [builder.Input("x", TensorType.Float(1, 2, 2, 2))]));
        Assert.Null(IntegerDifference.StepOf(builder.Build()));
    }

    private static Graph Model(bool dequantized, params float[] scales)
    {
        GraphBuilder builder = new("quantised");
        Value x = builder.Input("x", TensorType.Float(1, 2, 2, 2));
        Shape shape = scales.Length == 1 ? Shape.Scalar : new Shape(1, scales.Length, 1, 1);
        Value scale = builder.Constant(Tensor.FromFloats(shape, scales));
        Value zero = builder.Constant(Tensor.FromIntegers(new TensorType(ElementType.UInt8, shape), new long[scales.Length]));
        Value y = builder.Add(new QuantizeLinear(ElementType.UInt8), [x, scale, zero]);
        builder.Output(dequantized ? builder.Add(new DequantizeLinear(), [y, scale, zero]) : y);
        return builder.Build();
    }
}
