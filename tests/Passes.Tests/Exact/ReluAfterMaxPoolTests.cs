using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Exact;

public sealed class ReluAfterMaxPoolTests
{
    private static readonly MaxPool Halve = new(SpatialWindow.Create([2, 2], stride: 2));

    [Fact]
    public void The_ReLU_moves_behind_the_pool_and_both_keep_their_names()
    {
        Graph graph = Build(b => Pool(b, Halve, b.Add(new Relu(), [b.Image(1, 2, 4, 4)], "a", "relu1")));

        Graph result = Run(new ReluAfterMaxPool(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal(["pool1", "relu1"], result.Nodes.Select(n => n.Name));
        Assert.Equal(32 + 24, SignDecisions.Count(graph));
        Assert.Equal(8 + 24, SignDecisions.Count(result));
    }

    [Fact]
    public void It_moves_behind_the_pool_of_a_partial_activation()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 4, 4), active = b.Add(new Relu(), [Channel(b, x, 0)]);
            return Pool(b, Halve, b.Add(new Concat(1), [active, Channel(b, x, 1)]));
        });

        Graph result = Run(new ReluAfterMaxPool(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("slice slice maxpool relu maxpool concat", GraphAssert.Operations(result));
        Assert.Equal(4 + 24, SignDecisions.Count(result));

        static Value Channel(GraphBuilder b, Value x, int channel)
            => b.Add(new Slice(new IntVector(0, channel, 0, 0), new IntVector(1, 1, 4, 4), IntVector.Repeat(1, 4)), [x]);
    }

    [Fact]
    public void It_moves_past_every_pool_of_a_chain()
    {
        Graph graph = Build(b => Pool(b, Halve, Pool(b, Halve, b.Add(new Relu(), [b.Image(1, 2, 4, 4)]))));

        Assert.Equal("maxpool maxpool relu", GraphAssert.Operations(Run(new ReluAfterMaxPool(), graph)));
    }

    [Fact]
    public void A_ReLU_that_others_read_or_that_the_pool_does_not_shrink_stays()
    {
        Graph shared = Build(b =>
        {
            Value relu = b.Add(new Relu(), [b.Image(1, 2, 4, 4)]);
            return [Pool(b, Halve, relu), relu];
        });
        Graph same = Build(b => Pool(b, new MaxPool(SpatialWindow.Create([3, 3], pad: 1)), b.Add(new Relu(), [b.Image(1, 2, 4, 4)])));

        Assert.All([shared, same], g => Assert.Same(g, Run(new ReluAfterMaxPool(), g)));
    }

    private static Value Pool(GraphBuilder b, MaxPool pool, Value x) => b.Add(pool, [x], "pool.out", "pool1");
}
