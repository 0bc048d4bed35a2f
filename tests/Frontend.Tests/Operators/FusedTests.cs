using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class FusedTests
{
    [Fact]
    public void A_fused_convolution_adds_and_activates()
        => Assert.Equal([0f, 5f], new OnnxModelBuilder().Input("x", 1, 1, 2).Floats("w", [1, 1, 1], 2).Floats("b", [1], 1).Floats("z", [1, 1, 2], -10, 0)
            .Node("com.microsoft::FusedConv", "x w b z", "y", ("activation", "Relu")).Output("y").Run(1, 2).Floats);

    [Fact]
    public void Parameters_of_a_fused_activation_are_read()
        => Assert.Equal(new Clip(0, 6), new OnnxModelBuilder().Input("x", 1, 1, 2).Floats("w", [1, 1, 1], 2)
            .Node("com.microsoft::FusedConv", "x w", "y", ("activation", "Clip"), ("activation_params", new[] { 0f, 6f })).Output("y").Import().Graph.Nodes[^1].Operation);

    [Fact]
    public void An_unknown_fused_activation_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 1, 2).Floats("w", [1, 1, 1], 2).Node("com.microsoft::FusedConv", "x w", "y", ("activation", "Sine")).Output("y")
            .AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Theory]
    [InlineData("BiasGelu", false)]
    [InlineData("FastGelu", true)]
    public void A_fused_bias_is_an_addition(string operatorType, bool tanh)
        => Assert.Equal([new Binary(BinaryKind.Add), new Gelu(tanh)], new OnnxModelBuilder().Input("x", 2).Floats("b", [2], 1, 2)
            .Node("com.microsoft::" + operatorType, "x b", "y").Output("y").Import().Graph.Nodes.Select(n => n.Operation).Where(o => o is not Constant));

    [Fact]
    public void A_fused_product_transposes_and_scales()
        => Assert.Equal([-6f, -10f], new OnnxModelBuilder().Input("x", 1, 2, 1).Floats("w", [1, 2, 2], 1, 2, 1, 1.5f)
            .Node("com.microsoft::FusedMatMul", "x w", "y", ("transA", 1), ("alpha", -2f)).Output("y").Run(1, 2).Floats);

    [Fact]
    public void A_skip_connection_is_added_before_normalising_and_is_an_output()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 2).Floats("skip", [1, 2], 0, 1).Floats("s", [2], 1, 1).Floats("shift", [2], 0, 0).Floats("b", [2], 0, 1)
            .Node("com.microsoft::SkipLayerNormalization", "x skip s shift b", "y _ _ sum").Output("y").Output("sum").Import().Graph;
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [Tensor.FromFloats(new Shape(1, 2), [1, 1])]);
        Assert.Equal([-1f, 1f], outputs[0].Floats);
        Assert.Equal([1f, 3f], outputs[1].Floats);
    }
}
