using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Exact;

public sealed class ReluShuffleTests
{
    private static readonly Slice FirstTwo = new(new IntVector(0, 0, 0, 0), new IntVector(1, 2, 4, 4), IntVector.Repeat(1, 4));

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(9)]
    public void A_searched_network_decides_once_for_every_layer_and_its_skips(int layers)
    {
        // Random skips of density one half, as in the paper's Figure 2b.
        Random random = new(layers);
        bool[,] skips = new bool[layers, layers];
        for (int i = 0; i < layers * layers; i++)
            skips[i / layers, i % layers] = random.Next(2) == 0;
        Graph graph = SkipNetworks.Searched(layers, channels: 4, size: 6, (from, to) => skips[from, to]);
        int joined = Enumerable.Range(1, layers - 1).Sum(to => Enumerable.Range(0, to).Count(from => from == to - 1 || skips[from, to]));
        const int map = 4 * 6 * 6;

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal((joined + layers) * map, SignDecisions.Count(graph));
        Assert.Equal((2 * layers - 1) * map, SignDecisions.Count(result));
    }

    [Fact]
    public void A_dense_block_decides_once_for_every_layer()
    {
        Graph graph = SkipNetworks.Dense(layers: 6, growth: 3, size: 5);
        const int map = 3 * 5 * 5;

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal((1 + 2 + 3 + 4 + 5 + 6) * map, SignDecisions.Count(graph));
        Assert.Equal(6 * map, SignDecisions.Count(result));
        Assert.Equal("features", result.Outputs.Single().Name);
    }

    [Fact]
    public void A_ReLU_that_is_read_in_part_decides_for_that_part()
    {
        Graph graph = Build(b => b.Add(FirstTwo, [b.Add(new Relu(), [b.Image(1, 5, 4, 4)], "a", "relu1")], "y"));

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("slice relu", GraphAssert.Operations(result));
    }

    [Fact]
    public void ReLUs_of_parts_share_the_ReLU_of_the_whole()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 5, 4, 4);
            return [b.Add(new Relu(), [x], "whole"), b.Add(new Relu(), [b.Add(FirstTwo, [x])], "part")];
        });

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("relu slice", GraphAssert.Operations(result));
        Assert.Equal(["whole", "part"], result.Outputs.Select(v => v.Name));
    }

    [Fact]
    public void It_passes_reshapes_transposes_gathers_zero_pads_max_pools_and_positive_scales()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), whole = b.Add(new Relu(), [x], "whole");
            Value y = b.Add(new Binary(BinaryKind.Mul), [x, b.Weights("positive", 2, 1, 1)]);
            y = b.Add(new Pad(new IntVector(0, 0, 1, 1, 0, 0, 1, 1)), [y]);
            y = b.Add(new Transpose(new IntVector(0, 2, 3, 1)), [y]);
            y = b.Add(new Gather(3), [y, b.Constant(Tensor.FromInt64(1, 0, 1))]);
            y = b.Add(new MaxPool(SpatialWindow.Create([2, 2], pad: 1)), [b.Add(new Reshape(new Shape(1, 6, 3, 6)), [y])]);
            return [whole, b.Add(new Relu(), [y], "moved")];
        });

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Single(result.Nodes, n => n.Operation is Relu);
    }

    [Fact]
    public void A_max_pool_that_is_needed_without_ReLU_too_is_not_computed_twice()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), pooled = b.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [x], "pooled");
            return [b.Add(new Relu(), [x], "whole"), b.Add(new Relu(), [pooled]), pooled];
        });

        Assert.Same(graph, Run(new ReluShuffle(), graph));
    }

    [Fact]
    public void A_scale_that_may_be_negative_a_shift_and_another_padding_stop_it()
    {
        foreach (Func<GraphBuilder, Value, Value> stop in new Func<GraphBuilder, Value, Value>[]
        {
            (b, x) => b.Add(new Binary(BinaryKind.Mul), [x, b.Constant(Tensor.FromFloats(new Shape(2, 1, 1), [1, -1]))]),
            (b, x) => b.Add(new Binary(BinaryKind.Add), [x, b.Weights("shift", 2, 1, 1)]),
            (b, x) => b.Add(new Pad(new IntVector(0, 0, 1, 1, 0, 0, 1, 1), Value: -1), [x]),
            (b, x) => b.Add(new AveragePool(SpatialWindow.Create([2, 2])), [x]),
            (b, x) => b.Add(new Binary(BinaryKind.Add), [x, x]),
        })
        {
            Graph graph = Build(b =>
            {
                Value x = b.Image(1, 2, 4, 4);
                return [b.Add(new Relu(), [x], "whole"), b.Add(new Relu(), [stop(b, x)], "stopped")];
            });

            Assert.Same(graph, Run(new ReluShuffle(), graph));
        }
    }

    [Fact]
    public void A_residual_sum_is_decided_once_for_all_that_read_it()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), sum = b.Add(new Binary(BinaryKind.Add), [x, b.Add(new Sigmoid(), [x])], "sum");
            Value joined = b.Add(new Concat(1), [sum, b.Add(new Unary(UnaryKind.Tanh), [x])]);
            return [b.Add(new Relu(), [sum], "first"), b.Add(new Relu(), [joined], "second"), sum];
        });

        Graph result = Run(new ReluShuffle(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal(3 * 32, SignDecisions.Count(graph));
        Assert.Equal(2 * 32, SignDecisions.Count(result));
    }

    [Fact]
    public void Clips_with_the_same_bounds_are_shared_and_others_are_not()
    {
        Graph Clips(float first, float second) => Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), y = b.Add(new Unary(UnaryKind.Tanh), [x]);
            return [b.Add(new Clip(0, first), [x]), b.Add(new Clip(0, second), [b.Add(new Concat(1), [x, y])])];
        });
        Graph same = Clips(6, 6), different = Clips(6, 5), result = Run(new ReluShuffle(), same);

        GraphAssert.SameFunction(same, result);
        Assert.Equal(2 * (32 + 32), SignDecisions.Count(result));
        Assert.Same(different, Run(new ReluShuffle(), different));
    }

    [Fact]
    public void Where_nothing_is_saved_nothing_moves()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), joined = b.Add(new Concat(1), [x, b.Add(new Unary(UnaryKind.Tanh), [x])]);
            return b.Add(new Reshape(new Shape(1, 64)), [b.Add(new Relu(), [joined])]);
        });

        Assert.Same(graph, Run(new ReluShuffle(), graph));
    }
}
