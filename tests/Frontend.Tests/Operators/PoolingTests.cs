using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class PoolingTests
{
    [Fact]
    public void Pools_keep_ceil_mode_dilations_and_the_divisor_rule()
    {
        Graph graph = new OnnxModelBuilder(19).Input("x", 1, 1, 8, 8)
            .Node("AveragePool", "x", "a", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1), ("count_include_pad", 1))
            .Node("MaxPool", "a", "y", ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 2 })).Output("y").Import().Graph;
        AveragePool average = Assert.IsType<AveragePool>(graph.Nodes[0].Operation);
        Assert.True(average.CeilMode && average.CountIncludePad);
        Assert.Equal(new Shape(1, 1, 4, 4), graph.Nodes[0].Output.Shape);
        Assert.Equal([2, 2], ((MaxPool)graph.Nodes[1].Operation).Window.Dilations);
        Assert.Equal(new Shape(1, 1, 2, 2), graph.Outputs[0].Shape);
    }

    [Fact]
    public void Derived_pads_take_the_place_of_ceil_mode()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 1, 5, 5)
            .Node("MaxPool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1), ("auto_pad", "SAME_UPPER")).Output("y").Import().Graph;
        Assert.False(((MaxPool)graph.Nodes[0].Operation).CeilMode);
        Assert.Equal(new Shape(1, 1, 3, 3), graph.Outputs[0].Shape);
    }

    [Theory]
    [InlineData("GlobalAveragePool", 3f)]
    [InlineData("GlobalMaxPool", 6f)]
    public void Global_pools_take_the_whole_image(string operatorType, float expected)
        => Assert.Equal([expected], new OnnxModelBuilder().Input("x", 1, 1, 2, 2).Node(operatorType, "x", "y").Output("y").Run(0, 2, 4, 6).Floats);

    [Fact]
    public void The_indices_of_a_max_pool_are_computed_only_where_used()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 1, 4, 4).Node("MaxPool", "x", "y i", ("kernel_shape", new[] { 2, 2 }), ("storage_order", 1)).Output("y");
        Assert.Single(builder.Import().Graph.Nodes);
        Assert.True(Assert.IsType<MaxPoolIndices>(builder.Output("i").Import().Graph.Nodes[1].Operation).ColumnMajor);
    }

    [Fact]
    public void Norm_pools_keep_their_order()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 1, 4).Node("LpPool", "x", "a", ("kernel_shape", new[] { 2 }), ("p", 3)).Node("GlobalLpPool", "a", "y").Output("y").Import().Graph;
        Assert.Equal([3, 2], graph.Nodes.Select(n => ((LpPool)n.Operation).P));
    }

    [Theory]
    [InlineData(new[] { 3 }, new[] { 70000, 70000 })]
    [InlineData(new[] { 16000, 16000 }, new[] { 16000, 16000, 16000, 16000 })]
    [InlineData(new[] { 60000, 60000 }, new[] { 60000, 60000, 60000, 60000 })]
    public void Windows_that_would_take_forever_are_refused(int[] kernel, int[] pads)
        => new OnnxModelBuilder().Input("x", [1, 1, .. kernel.Select(_ => 1)]).Node("MaxPool", "x", "y", ("kernel_shape", kernel), ("pads", pads)).Output("y")
            .AssertRefused(DiagnosticCodes.InvalidNode);

    [Theory]
    [InlineData(13)]
    [InlineData(18)]
    public void A_mean_over_the_spatial_axes_is_a_global_average_pool(int opset)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("x", 1, 2, 1, 2).Integers("axes", -1, 2);
        builder = opset < 18
            ? builder.Node("ReduceMean", "x", "y", ("axes", new[] { -1, 2 }), ("keepdims", 0))
            : builder.Node("ReduceMean", "x axes", "y", ("keepdims", 0));
        Tensor result = builder.Output("y").Run(1, 3, 5, 9);
        Assert.Equal(new Shape(1, 2), result.Shape);
        Assert.Equal([2f, 7f], result.Floats);
    }

    [Fact]
    public void A_pool_without_kernel_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 2, 3, 4).Node("MaxPool", "x", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
