using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Sharing;

/// <summary>The counts of Helbitz and Avidan's CIFAR-10 network (table 2), whose first two layers share ReLUs.</summary>
public sealed class PublishedCountsTests
{
    private const int LayerRelus = 32 * 32 * 64, OtherRelus = 41_984;

    [Fact]
    public void The_network_has_as_many_relus_as_published()
    {
        Graph graph = Cifar10();

        Assert.Equal(173_056, SignDecisions.Count(graph));
        Assert.Equal([LayerRelus, LayerRelus], graph.Nodes.Where(n => n.Operation is Relu).Take(2).Select(n => n.Output.Shape.Count));
    }

    [Theory]
    [InlineData("patch=channel", 1)]
    [InlineData("patch=32x32", 1)]
    [InlineData("patch=3x3", 11 * 11)]
    [InlineData("patch=4x4", 64)]
    public void The_first_two_layers_take_as_many_decisions_a_channel_as_published(string patch, int decisionsPerChannel)
    {
        Graph shared = PassRegistry.Default.Create("relu-share", PassRequest.Parse($"relu-share:{patch},layers=0..1").Parameters).Run(Cifar10(), PassContext.Default);

        Assert.Equal(OtherRelus + (2 * 64 * decisionsPerChannel), SignDecisions.Count(shared));
    }

    /// <summary>Without weights of its own: they change no count.</summary>
    private static Graph Cifar10() => Build(b =>
    {
        Value x = Layer(Layer(b.Image(1, 3, 32, 32), 64, 3), 64, 3);
        x = Layer(Layer(Pool(x), 64, 3), 64, 3);
        x = Layer(Layer(Layer(Pool(x), 64, 3), 64, 1), 16, 1);
        return b.Add(new MatMul(), [b.Add(new Reshape(new Shape(1, 1024)), [x]), b.Weights("fc", 1024, 10)], "y");

        Value Pool(Value value) => b.Add(new AveragePool(SpatialWindow.Create([2, 2], stride: 2)), [value]);

        Value Layer(Value value, int channels, int kernel)
        {
            Conv conv = new(SpatialWindow.Create([kernel, kernel], pad: kernel / 2));
            return b.Add(new Relu(), [b.Add(conv, [value, b.Weights("w", channels, value.Shape[1], kernel, kernel)])], "relu");
        }
    });
}
