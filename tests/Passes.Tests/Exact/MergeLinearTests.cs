using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Exact;

public sealed class MergeLinearTests
{
    private const float Rounding = 1e-5f;

    [Theory]
    [InlineData(3, 1, 1, 2)]
    [InlineData(3, 2, 1, 1)]
    [InlineData(1, 1, 3, 2)]
    [InlineData(1, 1, 1, 1)]
    public void A_pointwise_convolution_merges_with_its_neighbour(int firstKernel, int firstStride, int lastKernel, int lastStride)
        => Merges("conv", b => Conv(b, Conv(b, b.Image(2, 3, 8, 8), 6, firstKernel, firstStride, bias: true), 5, lastKernel, lastStride, bias: true));

    [Fact]
    public void A_bias_before_a_padded_convolution_keeps_two_layers_apart()
    {
        Graph Padded(bool bias) => Build(b => Conv(b, Conv(b, b.Image(1, 3, 8, 8), 6, kernel: 1, stride: 1, bias), 5, kernel: 3, stride: 1, bias: true, pad: 1));
        Graph biased = Padded(bias: true);

        Assert.Same(biased, Run(new MergeLinear(), biased));
        Assert.Equal("conv", GraphAssert.Operations(Run(new MergeLinear(), Padded(bias: false))));
    }

    [Fact]
    public void A_bottleneck_is_less_work_than_the_product_of_its_weights()
    {
        Graph conv = Build(b => Conv(b, Conv(b, b.Image(1, 8, 8, 8), 2, kernel: 1), 8, kernel: 1));
        Graph matmul = Build(b => MatMul(b, MatMul(b, b.Image(1, 8), 2), 8));

        Assert.All([conv, matmul], g => Assert.Same(g, Run(new MergeLinear(), g)));
    }

    [Fact]
    public void A_value_that_something_else_reads_is_not_merged()
    {
        Graph graph = Build(b =>
        {
            Value inner = Conv(b, b.Image(1, 3, 8, 8), 6, kernel: 1);
            return [Conv(b, inner, 5, kernel: 1), inner];
        });

        Assert.Same(graph, Run(new MergeLinear(), graph));
    }

    [Fact]
    public void Integers_are_left_alone()
    {
        TensorType Integers(params int[] shape) => new(ElementType.Int32, new Shape(shape));
        Graph graph = Build(b =>
        {
            Value weight = b.Constant(Tensor.FromIntegers(Integers(2, 2, 1, 1), [1, 2, 3, 4]));
            Value first = b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Input("x", Integers(1, 2, 4, 4)), weight]);
            return b.Add(new Relu(), [b.Add(new Conv(SpatialWindow.Create([1, 1])), [first, weight])]);
        });

        Assert.All(PassRegistry.Default.All.Where(p => p.Contract == PassContract.Exact), pass => Assert.Same(graph, Run(pass, graph)));
    }

    [Fact]
    public void Matrix_products_merge_across_the_bias_between_them()
        => Merges("matmul add", b => MatMul(b, b.Add(new Binary(BinaryKind.Add), [MatMul(b, b.Image(3, 4), 9), b.Weights("a", 9)]), 5));

    [Fact]
    public void A_chain_of_products_becomes_one()
        => Merges("matmul", b => MatMul(b, MatMul(b, MatMul(b, b.Image(3, 4), 9), 8), 5));

    /// <summary>Their product would take minutes, in which nothing could be seen to happen.</summary>
    [Fact]
    public void Layers_of_thousands_of_channels_stay_two()
    {
        Graph graph = Build(b => MatMul(b, MatMul(b, b.Image(1, 1700), 1700), 1700));
        Assert.Same(graph, Run(new MergeLinear(), graph));
    }

    [Fact]
    public void Batch_normalisation_goes_into_the_convolution_behind_it()
        => Merges("conv", b => Conv(b, BatchNorm(b, b.Image(1, 4, 6, 6)), 5, kernel: 3, bias: true));

    [Fact]
    public void Batch_normalisation_goes_into_a_grouped_convolution_behind_it()
        => Merges("conv", b => b.Add(new Conv(SpatialWindow.Create([3, 3]), Groups: 2), [BatchNorm(b, b.Image(1, 4, 6, 6)), b.Weights("w", 6, 2, 3, 3)]));

    [Fact]
    public void A_shift_before_zero_padding_stays_and_a_scale_goes()
    {
        Graph shift = Build(b => Conv(b, b.Add(new Binary(BinaryKind.Add), [b.Image(1, 4, 6, 6), b.Weights("o", 4, 1, 1)]), 5, kernel: 3, pad: 1));

        Assert.Same(shift, Run(new MergeLinear(), shift));
        Merges("conv", b => Conv(b, b.Add(new Binary(BinaryKind.Mul), [b.Image(1, 4, 6, 6), b.Weights("s", 4, 1, 1)]), 5, kernel: 3, pad: 1));
    }

    [Fact]
    public void Batch_normalisation_goes_through_flattening_into_a_product()
        => Merges("reshape matmul add", b => MatMul(b, b.Add(new Reshape(new Shape(2, 36)), [BatchNorm(b, b.Image(2, 4, 3, 3))]), 5));

    [Fact]
    public void A_convolution_goes_into_the_product_behind_it_where_that_is_less_work()
        => Merges("reshape matmul add", b => MatMul(b, b.Add(new Reshape(new Shape(2, 8 * 36)), [Conv(b, b.Image(2, 3, 8, 8), 8, kernel: 3, bias: true)]), 4));

    [Fact]
    public void An_average_pool_goes_into_the_product_behind_it_unless_it_makes_the_product_smaller()
    {
        Graph Pooled(AveragePool pool, int features) => Build(b => MatMul(b, b.Add(new Reshape(new Shape(2, features)), [b.Add(pool, [b.Image(2, 3, 4, 4)])]), 4));
        Graph shrinking = Pooled(new AveragePool(SpatialWindow.Create([4, 4])), 3);
        Graph same = Pooled(new AveragePool(SpatialWindow.Create([3, 3], pad: 1)), 48), result = Run(new MergeLinear(), same);

        GraphAssert.SameFunction(same, result, Rounding);
        Assert.Equal("reshape matmul", GraphAssert.Operations(result));
        Assert.Same(shrinking, Run(new MergeLinear(), shrinking));
    }

    [Fact]
    public void An_average_pool_comes_before_a_pointwise_convolution()
    {
        Graph graph = Build(b => b.Add(new AveragePool(SpatialWindow.Create([6, 6])), [Conv(b, b.Image(1, 4, 6, 6), 5, kernel: 1, bias: true)], "y"));

        Graph result = Run(new MergeLinear(), graph);

        GraphAssert.SameFunction(graph, result, Rounding);
        Assert.Equal("avgpool conv", GraphAssert.Operations(result));
        Assert.Equal(MultiplyAccumulates.Count(graph) / 36, MultiplyAccumulates.Count(result));
    }

    [Fact]
    public void A_mean_that_counts_padding_does_not_pass_a_bias()
    {
        AveragePool pool = new(new SpatialWindow(new IntVector(2, 2), new IntVector(2, 2), new IntVector(1, 1), new IntVector(1, 1, 1, 1)), CountIncludePad: true);
        Graph graph = Build(b => b.Add(pool, [Conv(b, b.Image(1, 4, 6, 6), 5, kernel: 1, bias: true)]));

        Assert.Same(graph, Run(new MergeLinear(), graph));
    }

    private static void Merges(string expected, Func<GraphBuilder, Value> body)
    {
        Graph graph = Build(body), result = Run(new MergeLinear(), graph);

        GraphAssert.SameFunction(graph, result, Rounding);
        Assert.Equal(expected, GraphAssert.Operations(result));
        Assert.True(MultiplyAccumulates.Count(result) <= MultiplyAccumulates.Count(graph));
    }

    private static Value Conv(GraphBuilder b, Value x, int filters, int kernel, int stride = 1, bool bias = false, int pad = 0)
    {
        Value weight = b.Weights("w", filters, x.Shape[1], kernel, kernel);
        Value[] biases = bias ? [b.Weights("bias", filters)] : [];
        return b.Add(new Conv(SpatialWindow.Create([kernel, kernel], stride, pad)), [x, weight, .. biases], "conv.out");
    }

    private static Value MatMul(GraphBuilder b, Value x, int columns) => b.Add(new MatMul(), [x, b.Weights("w", x.Shape[1], columns)], "fc.out");

    private static Value BatchNorm(GraphBuilder b, Value x)
    {
        Value[] parameters = [.. Enumerable.Range(0, 4).Select(i => b.Weights($"p{i}", x.Shape[1]))];
        return b.Add(new BatchNormalization(1e-5f), [x, .. parameters]);
    }
}
