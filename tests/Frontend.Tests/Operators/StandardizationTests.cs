using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class StandardizationTests
{
    /// <summary>(x − 2)/1 for 1 and 3.</summary>
    private static readonly float[] _pair = [1, 3];

    [Fact]
    public void A_layer_keeps_axis_and_epsilon()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 2, 3, 4).Weights("s", 3, 4).Weights("b", 3, 4)
            .Node("LayerNormalization", "x s b", "y", ("axis", -2), ("epsilon", 0.5f)).Output("y").Import().Graph;
        Assert.Equal(new LayerNormalization(1, 0.5f), graph.Nodes[^1].Operation);
    }

    [Fact]
    public void Statistics_of_a_layer_are_outputs_where_used()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 2).Floats("s", [2], 1, 1).Node("LayerNormalization", "x s", "y m d", ("epsilon", 3f)).Output("y");
        Assert.Equal(2, builder.Import().Graph.Nodes.Length);
        Graph graph = builder.Output("m").Output("d").Import().Graph;
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [Tensor.FromFloats(new Shape(1, 2), _pair)]);
        Assert.Equal([[-0.5f, 0.5f], [2f], [0.5f]], outputs.Select(o => o.Floats.ToArray()));
        Assert.Equal(new Shape(1, 1), outputs[2].Shape);
    }

    [Fact]
    public void Instances_are_normalised_channel_by_channel()
        => AssertRun([-1, 1, 8, 12], new OnnxModelBuilder().Input("x", 1, 2, 2).Floats("s", [2], 1, 2).Floats("b", [2], 0, 10)
            .Node("InstanceNormalization", "x s b", "y", ("epsilon", 0f)), 1, 3, 10, 30);

    [Theory]
    [InlineData(18, new float[] { -1, 1, 8, 12 })]
    [InlineData(21, new float[] { -1, 1, 8, 12 })]
    public void Groups_are_normalised_together(int opset, float[] expected)
    {
        int count = opset < 21 ? 2 : 4;
        float[] scale = opset < 21 ? [1, 2] : [1, 1, 2, 2], bias = opset < 21 ? [0, 10] : [0, 0, 10, 10];
        AssertRun(expected, new OnnxModelBuilder(opset).Input("x", 1, 4, 1).Floats("s", [count], scale).Floats("b", [count], bias)
            .Node("GroupNormalization", "x s b", "y", ("num_groups", 2), ("epsilon", 0f)), 1, 3, 10, 30);
    }

    [Fact]
    public void Root_mean_squares_do_not_center()
        => AssertRun([3 / MathF.Sqrt(12.5f), 4 / MathF.Sqrt(12.5f)], new OnnxModelBuilder(23).Input("x", 1, 2).Floats("s", [2], 1, 1)
            .Node("RMSNormalization", "x s", "y", ("epsilon", 0f)), 3, 4);

    [Fact]
    public void Mean_variance_normalisation_finds_its_axes_wherever_they_are()
        => AssertRun([-1, -1, 1, 1], new OnnxModelBuilder().Input("x", 2, 2).Node("MeanVarianceNormalization", "x", "y", ("axes", new[] { 0 })), 1, 10, 3, 30);

    [Fact]
    public void Channels_that_do_not_divide_into_groups_are_refused()
        => new OnnxModelBuilder(21).Input("x", 1, 3, 2).Weights("s", 3).Node("GroupNormalization", "x s s", "y", ("num_groups", 2)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    private static void AssertRun(float[] expected, OnnxModelBuilder builder, params float[] input)
        => Assert.Equal(expected, builder.Output("y").Run(input).Floats.ToArray().Select(v => MathF.Round(v, 5)), (a, b) => MathF.Abs(a - b) < 1e-4f);
}
