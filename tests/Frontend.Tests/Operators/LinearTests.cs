using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Operators;

public class LinearTests
{
    [Fact]
    public void Gemm_is_a_product_and_a_sum_with_the_factors_in_the_constants()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 2).Floats("w", [3, 2], 1, 2, 3, 4, 5, 6).Floats("b", [3], 1, 1, 1)
            .NamedNode("fc", "Gemm", "x w b", "y", ("transB", 1), ("alpha", 2f), ("beta", 10f)).Output("y");
        Graph graph = builder.Import().Graph;
        Assert.Equal(["constant", "matmul", "constant", "add"], graph.Nodes.Select(n => n.Operation.Name));
        Assert.Equal(("fc", "fc/bias"), (graph.Nodes[1].Name, graph.Nodes[3].Name));
        Assert.Equal([32f, 56f, 80f], builder.Run(1, 5).Floats);
    }

    [Fact]
    public void Without_bias_gemm_is_a_product()
        => Assert.Equal(["constant", "matmul"], new OnnxModelBuilder().Input("x", 1, 2).Weights("w", 2, 3)
            .Node("Gemm", "x w", "y").Output("y").Import().Graph.Nodes.Select(n => n.Operation.Name));

    [Fact]
    public void A_bias_with_factor_zero_is_left_out()
        => Assert.Equal([3f], new OnnxModelBuilder().Input("x", 1, 1).Floats("w", [1, 1], 3).Floats("b", [1], 9)
            .Node("Gemm", "x w b", "y", ("beta", 0f)).Output("y").Run(1).Floats);

    [Fact]
    public void A_transposed_input_is_expressed()
    {
        Tensor result = new OnnxModelBuilder().Input("x", 2, 1).Floats("w", [2, 1], 3, 5).Node("Gemm", "x w", "y", ("transA", 1)).Output("y").Run(10, 1);
        Assert.Equal([35f], result.Floats);
    }

    [Fact]
    public void Two_computed_operands_are_a_product()
        => Assert.Equal([14f], new OnnxModelBuilder().Input("x", 1, 3).Node("Transpose", "x", "t").Node("MatMul", "x t", "y").Output("y").Run(1, 2, 3).Floats);

    [Fact]
    public void A_bias_that_would_widen_the_product_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 2).Weights("w", 2, 3).Weights("b", 4, 3).Node("Gemm", "x w b", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void Gemm_of_other_ranks_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 2, 2).Weights("w", 2, 3).Node("Gemm", "x w", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
