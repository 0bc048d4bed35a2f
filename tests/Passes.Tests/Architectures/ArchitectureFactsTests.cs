using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Verification;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>The generated networks have the sizes that their papers and the usual implementations state.</summary>
public sealed class ArchitectureFactsTests
{
    /// <summary>Trainable parameters of torchvision's and the authors' models, where those have the same layers.</summary>
    [Theory]
    [InlineData("minionn-avg", 164_954)]
    [InlineData("resnet-18", 11_173_962)]
    [InlineData("resnet-18-224", 11_689_512)]
    [InlineData("resnet-50-224", 25_557_032)]
    [InlineData("wrn-16-2", 691_674)]
    [InlineData("wrn-16-4", 2_748_890)]
    [InlineData("wrn-16-8", 10_961_370)]
    [InlineData("wrn-28-10", 36_479_194)]
    [InlineData("wrn-40-4", 8_949_210)]
    [InlineData("vgg-16", 33_646_666)]
    [InlineData("squeezenet-224", 1_235_496)]
    [InlineData("shufflenetv2-224", 2_278_604)]
    [InlineData("mobilenetv2", 2_236_682)]
    [InlineData("mobilenetv2-224", 3_504_872)]
    public void Parameters_are_those_of_the_published_models(string name, long expected)
        => Assert.Equal(expected, ArchitectureReport.Parameters(ArchitectureCatalog.Create(name)));

    /// <summary>Multiply-accumulates of convolutions and fully connected layers.</summary>
    [Theory]
    [InlineData("resnet-18", 555_422_720)]
    [InlineData("resnet-18-224", 1_814_073_344)]
    [InlineData("resnet-50-224", 4_089_184_256)]
    [InlineData("mobilenetv2-224", 300_774_272)]
    [InlineData("squeezenet-224", 349_151_936)]
    public void Multiplications_are_those_of_the_published_models(string name, long expected)
        => Assert.Equal(expected, MultiplyAccumulates.Count(ArchitectureCatalog.Create(name)));

    [Theory]
    [InlineData("resnet-18", 557_056)]
    [InlineData("resnet-20", 188_416)]
    [InlineData("resnet-32", 303_104)]
    [InlineData("resnet-50-224", 9_608_704)]
    [InlineData("vgg-16-avg", 284_672)]
    [InlineData("minionn-avg", 173_056)]
    [InlineData("relu-sharing-cifar10", 173_056)]
    [InlineData("relu-sharing-svhn", 29_216)]
    [InlineData("relu-sharing-fashion-mnist", 37_760)]
    [InlineData("wrn-16-8", 933_888)] // CryptoNAS, table 4: 933K, 475K, 245K
    [InlineData("wrn-16-4", 475_136)]
    [InlineData("wrn-16-2", 245_760)]
    [InlineData("wrn-40-4", 1_392_640)] // 1392K
    [InlineData("wrn-28-10", 2_310_144)] // 2310K
    public void Relus_are_those_of_the_papers(string name, long expected)
    {
        Graph graph = ArchitectureCatalog.Create(name);

        Assert.Equal(expected, graph.Nodes.Where(n => n.Operation is Relu).Sum(n => (long)n.Output.Shape.Count));
        Assert.Equal(expected, SignDecisions.Count(graph) - graph.Nodes.Where(n => n.Operation is MaxPool).Sum(SignDecisions.Count));
    }

    [Fact]
    public void Three_quarters_of_the_relus_of_the_relu_sharing_network_are_in_its_first_two_layers()
    {
        long[] layers = [.. ArchitectureCatalog.Create("relu-sharing-cifar10").Nodes.Where(n => n.Operation is Relu).Select(SignDecisions.Count)];

        Assert.Equal([65_536, 65_536, 16_384, 16_384, 4_096, 4_096, 1_024], layers);
    }

    /// <summary>ReLU6 decides twice; the depthwise layers of stride 2 halve the resolution between the two of a block.</summary>
    [Fact]
    public void Mobilenet_decides_twice_an_activation()
    {
        Graph graph = ArchitectureCatalog.Create("mobilenetv2");
        Node[] activations = [.. graph.Nodes.Where(n => n.Operation is Clip)];

        Assert.Equal(1 + 1 + (2 * 16) + 1, activations.Length);
        Assert.All(activations, n => Assert.Equal(new Clip(0, 6), n.Operation));
        Assert.Equal(2 * activations.Sum(n => (long)n.Output.Shape.Count), SignDecisions.Count(graph));
        Assert.Equal("1x1280x4x4", activations[^1].Output.Shape.ToString());
    }

    /// <summary>Max pooling over 2×2 costs three decisions an output in place of none.</summary>
    [Fact]
    public void Max_pooling_adds_its_comparisons_to_the_minionn_network()
        => Assert.Equal(
            173_056 + (3 * (16_384 + 4_096)), SignDecisions.Count(ArchitectureCatalog.Create("minionn-max")));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_architecture_is_a_well_formed_classifier(string name)
    {
        Architecture architecture = ArchitectureCatalog.Get(name);
        ArchitectureOptions small = new() { Width = 0.1, Classes = 7 };

        Graph graph = architecture.Create(small);

        GraphVerifier.Require(graph);
        Assert.Equal("1x7", Assert.Single(graph.Outputs).Shape.ToString());
        Assert.Equal(architecture.Channels, Assert.Single(graph.Inputs).Shape[1]);
    }

    public static TheoryData<string> Names => [.. ArchitectureCatalog.All.Select(a => a.Name)];

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest()
        => Assert.Contains("Did you mean 'resnet-18'?", Assert.Throws<PassException>(() => ArchitectureCatalog.Get("resnet18")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(32, 0)]
    [InlineData(32, double.NaN)]
    public void An_option_out_of_range_is_refused(int size, double width)
        => Assert.Throws<PassException>(() => ArchitectureCatalog.Create("resnet-20", new ArchitectureOptions { InputSize = size, Width = width }));
}
