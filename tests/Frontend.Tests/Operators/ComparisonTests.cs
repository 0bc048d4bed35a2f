using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Frontend.Tests.Operators;

public class ComparisonTests
{
    private static long[] Run(OnnxModelBuilder builder, params float[] input)
    {
        Graph graph = builder.Output("y").Import().Graph;
        return FloatInterpreter.Run(graph, [Tensor.FromFloats(graph.Inputs[0].Type, input)])[0].Integers.ToArray();
    }

    [Theory]
    [InlineData("Equal", new long[] { 0, 1, 0 })]
    [InlineData("Less", new long[] { 1, 0, 0 })]
    [InlineData("LessOrEqual", new long[] { 1, 1, 0 })]
    [InlineData("Greater", new long[] { 0, 0, 1 })]
    [InlineData("GreaterOrEqual", new long[] { 0, 1, 1 })]
    public void Relations_keep_their_order(string operatorType, long[] expected)
        => Assert.Equal(expected, Run(new OnnxModelBuilder().Input("x", 3).Floats("c", [], 2).Node(operatorType, "x c", "y"), 1, 2, 3));

    [Fact]
    public void A_threshold_chooses_elements()
        => Assert.Equal([0f, 3f], new OnnxModelBuilder().Input("x", 2).Floats("c", [], 2).Floats("z", [], 0).Node("Greater", "x c", "m").Node("Where", "m x z", "y").Output("y").Run(1, 3).Floats);

    [Fact]
    public void Truth_values_combine()
        => Assert.Equal([1L, 0L], Run(new OnnxModelBuilder().Input("x", 2).Floats("c", [], 2)
            .Node("Greater", "x c", "a").Node("Not", "a", "b").Node("Xor", "a b", "c1").Node("And", "c1 a", "d").Node("Or", "d d", "y"), 3, 1));

    [Fact]
    public void NaNs_and_infinities_are_recognised()
    {
        float[] numbers = [1, float.NaN, float.PositiveInfinity, float.NegativeInfinity];
        Assert.Equal([0L, 1L, 0L, 0L], Run(new OnnxModelBuilder().Input("x", 4).Node("IsNaN", "x", "y"), numbers));
        Assert.Equal([0L, 0L, 1L, 1L], Run(new OnnxModelBuilder().Input("x", 4).Node("IsInf", "x", "y"), numbers));
        Assert.Equal([0L, 0L, 0L, 1L], Run(new OnnxModelBuilder().Input("x", 4).Node("IsInf", "x", "y", ("detect_positive", 0)), numbers));
    }

    [Fact]
    public void Before_opset_11_floats_are_not_compared_for_equality()
        => new OnnxModelBuilder(10).Input("x", 2).Floats("c", [], 2).Node("Equal", "x c", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
