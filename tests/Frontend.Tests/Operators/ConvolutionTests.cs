using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class ConvolutionTests
{
    [Theory]
    [InlineData("NOTSET", 7, 2, 3, new[] { 1, 1, 0, 2 }, new[] { 1, 1, 0, 2 })]
    [InlineData("VALID", 7, 2, 3, null, new[] { 0, 0, 0, 0 })]
    [InlineData("SAME_UPPER", 6, 2, 3, null, new[] { 0, 0, 1, 1 })]
    [InlineData("SAME_LOWER", 6, 2, 3, null, new[] { 1, 1, 0, 0 })]
    [InlineData("SAME_UPPER", 7, 1, 4, null, new[] { 1, 1, 2, 2 })]
    [InlineData("SAME_LOWER", 8, 4, 1, null, new[] { 0, 0, 0, 0 })]
    public void Auto_pad_becomes_explicit_pads(string autoPad, int size, int stride, int kernel, int[]? pads, int[] expected)
    {
        List<(string, object)> attributes = [("auto_pad", autoPad), ("strides", new[] { stride, stride })];
        if (pads is not null)
            attributes.Add(("pads", pads));
        Graph graph = new OnnxModelBuilder().Input("x", 1, 1, size, size).Weights("w", 2, 1, kernel, kernel)
            .Node("Conv", "x w", "y", [.. attributes]).Output("y").Import().Graph;
        Conv conv = Assert.IsType<Conv>(graph.Nodes[^1].Operation);
        Assert.Equal(expected, conv.Window.Pads);
        if (autoPad.StartsWith("SAME", StringComparison.Ordinal))
            Assert.Equal((size + stride - 1) / stride, graph.Outputs[0].Shape[2]);
    }

    [Fact]
    public void Same_padding_counts_dilated_kernels()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 1, 9, 9).Weights("w", 1, 1, 3, 3)
            .Node("Conv", "x w", "y", ("auto_pad", "SAME_UPPER"), ("dilations", new[] { 3, 3 })).Output("y").Import().Graph;
        Assert.Equal([3, 3, 3, 3], ((Conv)graph.Nodes[^1].Operation).Window.Pads);
        Assert.Equal(new Shape(1, 1, 9, 9), graph.Outputs[0].Shape);
    }

    [Fact]
    public void Groups_bias_and_names_are_kept()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 4, 5, 5).Weights("w", 8, 2, 3, 3).Weights("b", 8)
            .NamedNode("conv1", "Conv", "x w b", "y", ("group", 2), ("kernel_shape", new[] { 3, 3 })).Output("y").Import().Graph;
        Node node = graph.Nodes[^1];
        Assert.Equal(2, ((Conv)node.Operation).Groups);
        Assert.Equal("conv1", node.Name);
        Assert.Equal(["x", "w", "b"], node.Inputs.Select(v => v.Name));
        Assert.Equal("y", node.Output.Name);
    }

    [Fact]
    public void A_kernel_shape_that_contradicts_the_weight_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 1, 5, 5).Weights("w", 1, 1, 3, 3)
            .Node("Conv", "x w", "y", ("kernel_shape", new[] { 2, 2 })).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Theory]
    [InlineData("strides", new[] { 1 })]
    [InlineData("strides", new[] { 0, 1 })]
    [InlineData("pads", new[] { 1, 1 })]
    [InlineData("pads", new[] { -1, 0, 0, 0 })]
    [InlineData("dilations", new[] { 2000000000, 2000000000 })]
    public void Attributes_without_meaning_are_refused(string name, int[] value)
        => new OnnxModelBuilder().Input("x", 1, 1, 5, 5).Weights("w", 1, 1, 3, 3)
            .Node("Conv", "x w", "y", (name, value)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void A_zero_stride_with_derived_pads_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 1, 5, 5).Weights("w", 1, 1, 3, 3)
            .Node("Conv", "x w", "y", ("auto_pad", "SAME_UPPER"), ("strides", new[] { 0, 0 })).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
