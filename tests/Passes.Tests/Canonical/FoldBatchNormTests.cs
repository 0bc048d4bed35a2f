using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class FoldBatchNormTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void Batch_normalisation_goes_into_the_convolution_before_it(bool bias, int groups)
    {
        Graph graph = Build(b => Norm(b, Convolution(b, bias, groups)));

        Graph result = RunAndCompare(graph);

        Assert.Equal("conv", GraphAssert.Operations(result));
        Node conv = result.Nodes[^1];
        Assert.Equal(("conv1", "norm.out"), (conv.Name, conv.Output.Name));
        Assert.Equal(["x", "w.folded", bias ? "b.folded" : "conv1.bias"], conv.Inputs.Select(v => v.Name));
    }

    [Fact]
    public void A_chain_of_scales_and_offsets_goes_into_one_convolution()
    {
        Graph graph = Build(b =>
        {
            Value scaled = b.Add(new Binary(BinaryKind.Mul), [b.Weights("s", 1, 4, 1, 1), Norm(b, Convolution(b))]);
            Value moved = b.Add(new Binary(BinaryKind.Sub), [b.Weights("o", 4, 1, 1), scaled]);
            return b.Add(new Binary(BinaryKind.Div), [moved, b.Constant(Tensor.Scalar(3))], "y");
        });

        Assert.Equal("conv", GraphAssert.Operations(RunAndCompare(graph)));
    }

    [Fact]
    public void A_scale_alone_adds_no_bias_and_an_offset_alone_keeps_the_weight()
    {
        Graph scaled = RunAndCompare(Build(b => b.Add(new Binary(BinaryKind.Mul), [Convolution(b), b.Weights("s", 4, 1, 1)])));
        Graph moved = RunAndCompare(Build(b => b.Add(new Binary(BinaryKind.Add), [Convolution(b), b.Weights("o", 4, 1, 1)])));

        Assert.Equal(["x", "w.folded"], scaled.Nodes[^1].Inputs.Select(v => v.Name));
        Assert.Equal(["x", "w", "conv1.bias"], moved.Nodes[^1].Inputs.Select(v => v.Name));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Batch_normalisation_goes_into_a_fully_connected_layer(bool bias)
    {
        Graph graph = Build(b => Norm(b, Dense(b, bias)));

        Graph result = RunAndCompare(graph);

        Assert.Equal("matmul add", GraphAssert.Operations(result));
        Assert.Equal("fc", result.Nodes.Single(n => n.Operation is MatMul).Name);
        Assert.Equal("norm.out", result.Outputs[0].Name);
    }

    [Fact]
    public void A_plain_fully_connected_layer_is_left_alone()
    {
        Graph graph = Build(b => Dense(b, bias: true));

        Assert.Same(graph, Run(new FoldBatchNorm(), graph));
    }

    [Fact]
    public void A_subtraction_after_a_product_becomes_its_bias_and_two_biases_one()
    {
        Graph graph = Build(b =>
        {
            Value y = b.Add(new Binary(BinaryKind.Sub), [Dense(b, bias: false), b.Weights("o", 4)]);
            return b.Add(new Binary(BinaryKind.Add), [y, b.Weights("p", 1)], "y");
        });

        Assert.Equal("matmul add", GraphAssert.Operations(RunAndCompare(graph)));
    }

    [Fact]
    public void Without_a_linear_layer_it_becomes_a_product_and_a_sum()
    {
        Graph result = RunAndCompare(Build(b => Norm(b, b.Add(new Relu(), [b.Image(1, 4, 5, 5)]))));

        Assert.Equal("relu mul add", GraphAssert.Operations(result));
        Assert.Equal(new Shape(1, 4, 1, 1), result.Nodes.Single(n => n.Name == "norm.scale").Output.Shape);
    }

    [Fact]
    public void A_convolution_that_others_read_is_left_alone()
    {
        Graph graph = Build(b =>
        {
            Value conv = Convolution(b);
            return [Norm(b, conv), conv];
        });

        Assert.Equal("conv mul add", GraphAssert.Operations(RunAndCompare(graph)));
    }

    [Fact]
    public void Arithmetic_that_varies_within_a_channel_is_left_alone()
    {
        Graph graph = Build(b => b.Add(new Binary(BinaryKind.Mul), [Convolution(b), b.Weights("s", 1, 4, 5, 5)]));
        Graph wide = Build(b => b.Add(new Binary(BinaryKind.Mul), [Convolution(b), b.Weights("s", 2, 1, 1, 1)]));
        Graph reciprocal = Build(b => b.Add(new Binary(BinaryKind.Div), [b.Weights("s", 4, 1, 1), Convolution(b)]));

        Assert.All([graph, wide, reciprocal], g => Assert.Same(g, Run(new FoldBatchNorm(), g)));
    }

    [Fact]
    public void Coefficients_that_are_no_numbers_are_left_alone()
    {
        Graph graph = Build(b => b.Add(new Binary(BinaryKind.Div), [Convolution(b), b.Constant(Tensor.Scalar(0))]));

        Assert.Same(graph, Run(new FoldBatchNorm(), graph));
    }

    private static Graph RunAndCompare(Graph graph)
    {
        Graph result = Run(new FoldBatchNorm(), graph);
        GraphAssert.SameFunction(graph, result, tolerance: 1e-5f);
        return result;
    }

    private static Value Convolution(GraphBuilder b, bool bias = false, int groups = 1)
    {
        Value x = b.Image(1, 2, 5, 5), w = b.Weights("w", 4, 2 / groups, 3, 3);
        Value[] inputs = bias ? [x, w, b.Weights("b", 4)] : [x, w];
        return b.Add(new Conv(SpatialWindow.Create([3, 3], pad: 1), groups), [.. inputs], "conv.out", "conv1");
    }

    private static Value Dense(GraphBuilder b, bool bias)
    {
        Value product = b.Add(new MatMul(), [b.Image(2, 3), b.Weights("w", 3, 4)], "fc.out", "fc");
        return bias ? b.Add(new Binary(BinaryKind.Add), [product, b.Weights("b", 4)], "fc.sum") : product;
    }

    private static Value Norm(GraphBuilder b, Value x) => b.Add(
        new BatchNormalization(0.1f),
        [x, b.Weights("scale", 4), b.Weights("bias", 4), b.Weights("mean", 4), b.Weights("variance", 4)],
        "norm.out",
        "norm");
}
