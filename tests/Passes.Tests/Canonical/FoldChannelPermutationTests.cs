using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class FoldChannelPermutationTests
{
    private static readonly SpatialWindow Kernel = SpatialWindow.Create([2, 2]);

    [Fact]
    public void A_convolution_absorbs_a_gather_of_its_channels_and_of_its_bias()
        => Folds("conv", b => Gather(b, b.Add(new Conv(Kernel), [b.Image(1, 2, 4, 4), b.Weights("w", 4, 2, 2, 2), b.Weights("b", 4)]), 1, 3, 0));

    [Fact]
    public void A_gather_passes_a_bias_on_its_way_to_a_matrix_product()
        => Folds("matmul add", b => Gather(
            b, b.Add(new Binary(BinaryKind.Add), [b.Add(new MatMul(), [b.Image(2, 3), b.Weights("w", 3, 4)]), b.Weights("b", 4)]), 1, 3, 0, 2, 1));

    [Fact]
    public void A_gather_passes_a_depthwise_convolution()
        => Folds("conv conv", b =>
        {
            Value dense = b.Add(new Conv(Kernel), [b.Image(1, 2, 4, 4), b.Weights("w", 3, 2, 2, 2)]);
            return Gather(b, b.Add(new Conv(Kernel, 3), [dense, b.Weights("d", 3, 1, 2, 2)]), 1, 2, 0, 1);
        });

    [Fact]
    public void A_permutation_sinks_through_activation_pool_and_flattening_into_the_next_layer()
        => Folds("relu maxpool reshape matmul", b =>
        {
            Value x = Gather(b, b.Image(1, 3, 4, 4), 1, 2, 0, 1);
            Value pooled = b.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [b.Add(new Relu(), [x])]);
            return b.Add(new MatMul(), [b.Add(new Reshape(new Shape(1, 12)), [pooled]), b.Weights("w", 12, 2)]);
        });

    [Fact]
    public void A_convolution_absorbs_a_permutation_of_its_input()
        => Folds("conv", b => b.Add(new Conv(Kernel), [Gather(b, b.Image(1, 3, 4, 4), 1, 1, 2, 0), b.Weights("w", 2, 3, 2, 2)]));

    [Fact]
    public void Permutations_that_undo_each_other_are_gone()
        => Folds("relu", b => b.Add(new Relu(), [Gather(b, Gather(b, b.Image(1, 3, 4, 4), 1, 1, 2, 0), 1, 2, 0, 1)]));

    [Fact]
    public void A_gather_that_repeats_is_not_pushed_into_the_next_layer()
        => Folds("gather conv", b => b.Add(new Conv(Kernel), [Gather(b, b.Image(1, 3, 4, 4), 1, 1, 1, 0), b.Weights("w", 2, 3, 2, 2)]));

    [Fact]
    public void A_convolution_that_others_read_keeps_its_channels()
        => Folds("conv gather concat", b =>
        {
            Value conv = b.Add(new Conv(Kernel), [b.Image(1, 2, 4, 4), b.Weights("w", 3, 2, 2, 2)]);
            return b.Add(new Concat(1), [conv, Gather(b, conv, 1, 2, 0, 1)]);
        });

    private static void Folds(string expected, Func<GraphBuilder, Value> body)
    {
        Graph graph = Build(body);

        Graph result = Run(new FoldChannelPermutation(), graph);

        Assert.Equal(expected, GraphAssert.Operations(result));
        GraphAssert.SameFunction(graph, result, 1e-5f);
    }

    private static Value Gather(GraphBuilder b, Value x, int axis, params long[] positions)
        => b.Add(new Gather(axis), [x, b.Constant(Tensor.FromInt64(positions), "indices")]);
}
