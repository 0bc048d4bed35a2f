using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class MergePadTests
{
    private static readonly IntVector Spatial = new(0, 0, 1, 2, 0, 0, 3, 0);

    [Fact]
    public void Zero_padding_goes_into_the_convolution()
    {
        Graph result = RunAndCompare(Build(b => Convolution(b, b.Add(new Pad(Spatial), [b.Image(1, 2, 5, 5)]))));

        Assert.Equal("conv", GraphAssert.Operations(result));
        Assert.Equal(new IntVector(2, 3, 4, 1), ((Conv)result.Nodes[^1].Operation).Window.Pads);
    }

    [Fact]
    public void Padding_that_no_window_can_express_stays()
    {
        Graph nonZero = Build(b => Convolution(b, b.Add(new Pad(Spatial, 1), [b.Image(1, 2, 5, 5)])));
        Graph channels = Build(b => Convolution(b, b.Add(new Pad(new IntVector(0, 1, 0, 0, 0, 0, 0, 0)), [b.Image(1, 1, 5, 5)])));

        Assert.All([nonZero, channels], g => Assert.Same(g, Run(new MergePad(), g)));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Zero_padding_goes_into_an_average_pool_that_counts_it(int ownPad, bool countIncludePad)
    {
        Graph result = RunAndCompare(Pooled(new AveragePool(SpatialWindow.Create([3, 3], 2, ownPad), CountIncludePad: countIncludePad)));

        Assert.Equal("avgpool", GraphAssert.Operations(result));
    }

    [Fact]
    public void An_average_pool_that_does_not_count_its_own_padding_takes_no_more()
    {
        Graph graph = Pooled(new AveragePool(SpatialWindow.Create([3, 3], 2, pad: 1)));

        Assert.Same(graph, Run(new MergePad(), graph));
    }

    [Fact]
    public void A_pad_stays_where_ceil_mode_would_lose_a_window()
    {
        AveragePool pool = new(SpatialWindow.Create([1, 1], stride: 3), CeilMode: true);
        Graph graph = Build(b => b.Add(pool, [b.Add(new Pad(new IntVector(0, 0, 0, 0, 0, 0, 2, 2)), [b.Image(1, 1, 2, 2)])], "y"));

        GraphAssert.SameFunction(graph, Run(new MergePad(), graph));
        Assert.Same(graph, Run(new MergePad(), graph));
    }

    [Fact]
    public void Padding_of_padding_is_one_where_the_values_agree()
    {
        Graph merged = RunAndCompare(Build(b => TwoPads(b, 7)));
        Graph different = Build(b => TwoPads(b, 8));

        Assert.Equal("pad", GraphAssert.Operations(merged));
        Assert.Same(different, Run(new MergePad(), different));
    }

    private static Graph RunAndCompare(Graph graph)
    {
        Graph result = Run(new MergePad(), graph);
        GraphAssert.SameFunction(graph, result);
        return result;
    }

    private static Graph Pooled(AveragePool pool)
        => Build(b => b.Add(pool, [b.Add(new Pad(Spatial), [b.Image(1, 2, 5, 5)])], "y"));

    private static Value Convolution(GraphBuilder b, Value x)
        => b.Add(new Conv(SpatialWindow.Create([3, 3], pad: 1)), [x, b.Weights("w", 4, 2, 3, 3), b.Weights("b", 4)], "y");

    private static Value TwoPads(GraphBuilder b, float outerValue)
        => b.Add(new Pad(Spatial, outerValue), [b.Add(new Pad(Spatial, 7), [b.Image(1, 2, 5, 5)])], "y");
}
