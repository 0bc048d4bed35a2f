using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Sharing;

/// <summary>The counts of Helbitz and Avidan's CIFAR-10 network (tables 2 and 5), whose first two layers share ReLUs.</summary>
public sealed class PublishedCountsTests
{
    private const int LayerRelus = 32 * 32 * 64, OtherRelus = 41_984;

    private static readonly Graph s_network = ArchitectureCatalog.Create("relu-sharing-cifar10");

    [Fact]
    public void The_network_has_as_many_relus_as_published()
    {
        Assert.Equal(173_056, SignDecisions.Count(s_network));
        Assert.Equal([LayerRelus, LayerRelus], s_network.Nodes.Where(n => n.Operation is Relu).Take(2).Select(n => n.Output.Shape.Count));
    }

    [Theory]
    [InlineData("patch=channel", 1)]
    [InlineData("patch=32x32", 1)]
    [InlineData("patch=3x3", 11 * 11)]
    [InlineData("patch=4x4", 64)]
    public void The_first_two_layers_take_as_many_decisions_a_channel_as_published(string patch, int decisionsPerChannel)
    {
        Pass pass = PassRegistry.Default.Create("relu-share", PassRequest.Parse($"relu-share:{patch},layers=0..1").Parameters);

        Assert.Equal(OtherRelus + (2 * 64 * decisionsPerChannel), SignDecisions.Count(pass.Run(s_network, PassContext.Default)));
    }
}
