using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Verification;
using PrivateInference.Passes.Architectures;
using PrivateInference.Passes.Lossy;
using PrivateInference.Passes.Lossy.ReluBalancing;
using PrivateInference.Passes.Tests.Architectures;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Lossy;

public sealed class ReluBalanceTests
{
    /// <summary>CryptoNAS, table 2: CNet1 at 86K ReLUs has 14, 56, 224 channels.</summary>
    [Fact]
    public void Channels_grow_fourfold_where_the_resolution_is_halved_so_that_every_layer_has_the_same_relus()
    {
        BalancedNetwork balanced = Pass("86016").Balance(Core(depth: 6, firstChannels: 5, channelFactor: 2));

        Assert.Equal([14, 14, 56, 56, 224, 224], balanced.Layers.Select(l => l.ChannelsAfter));
        Assert.All(balanced.Layers, l => Assert.Equal(14_336, l.ReluCountAfter));
        Assert.Equal(86_016, SignDecisions.Count(balanced.Graph));
        Assert.Equal([5, 5, 10, 10, 20, 20], balanced.Layers.Select(l => l.ChannelsBefore));
        Assert.Equal((16, 16), (balanced.Layers[2].Height, balanced.Layers[2].Width));
    }

    [Theory]
    [InlineData(86_016, 14)]
    [InlineData(92_159, 14)]
    [InlineData(92_160, 15)]
    [InlineData(6_144, 1)]
    public void The_network_is_the_largest_within_the_budget(int budget, int expected)
        => Assert.Equal(expected, Pass($"{budget}").Balance(Core(6, 5, 2)).Layers[0].ChannelsAfter);

    [Fact]
    public void A_balanced_network_stays_as_it_is_with_its_weights()
    {
        Graph graph = ArchitectureCatalog.Create("cnet2-100k");

        Assert.Same(graph, Pass("same").Run(graph, PassContext.Default));
    }

    /// <summary>CryptoNAS, table 4: 245K, 475K, 933K and 1392K ReLUs buy 2.6M to 42M parameters in place of 0.7M to 11M.</summary>
    [Theory]
    [InlineData("wrn-16-2", 2.6e6)]
    [InlineData("wrn-16-4", 10.4e6)]
    [InlineData("wrn-16-8", 42e6)]
    [InlineData("wrn-40-4", 36e6)]
    public void Balanced_wide_residual_networks_have_the_parameters_of_the_paper(string name, double expected)
    {
        Graph graph = ArchitectureCatalog.Create(name);

        Graph balanced = Pass("same").Run(graph, PassContext.Default);

        Assert.InRange(SignDecisions.Count(balanced), 0.9 * SignDecisions.Count(graph), SignDecisions.Count(graph));
        Assert.InRange(ArchitectureReport.Parameters(balanced), 0.85 * expected, 1.15 * expected);
    }

    /// <summary>Widths are tied across residual sums and depthwise convolutions, joined by concatenation, repeated by flattening.</summary>
    [Theory]
    [InlineData("cnet2-100k", 0.5)]
    [InlineData("minionn-max", 0.5)]
    [InlineData("minionn-bn", 0.5)]
    [InlineData("relu-sharing-svhn", 0.5)]
    [InlineData("relu-sharing-fashion-mnist", 0.5)]
    [InlineData("resnet-18", 0.25)]
    [InlineData("resnet-20", 0.5)]
    [InlineData("resnet-50", 0.1)]
    [InlineData("wrn-16-4", 0.25)]
    [InlineData("vgg-16", 0.1)]
    [InlineData("squeezenet", 0.25)]
    [InlineData("mobilenetv2", 0.25)]
    public void A_balanced_architecture_is_a_network_within_the_budget_that_is_balanced(string name, double width)
    {
        Graph graph = ArchitectureCatalog.Create(name, new ArchitectureOptions { Width = width });
        long budget = SignDecisions.Count(graph) * 3 / 4;
        ReluBalance pass = Pass($"{budget}", ("max-channels", "300"));

        BalancedNetwork balanced = pass.Balance(graph);

        GraphVerifier.Require(balanced.Graph);
        Assert.Equal([.. graph.Inputs], balanced.Graph.Inputs.ToArray());
        Assert.Equal(graph.Outputs.Select(v => (v.Name, v.Type)), balanced.Graph.Outputs.Select(v => (v.Name, v.Type)));
        Assert.Equal(Named(graph), Named(balanced.Graph));
        Assert.InRange(SignDecisions.Count(balanced.Graph), 1, budget);
        Assert.Equal(SignDecisions.Count(balanced.Graph), balanced.ReluCountAfter);
        Assert.Equal(SignDecisions.Count(graph), balanced.ReluCountBefore);
        Assert.Same(balanced.Graph, pass.Run(balanced.Graph, PassContext.Default));
        AssertAlive(balanced.Graph);
    }

    [Fact]
    public void A_batch_normalised_network_starts_training_from_normalisation_that_does_nothing()
    {
        Graph balanced = Pass("same").Run(ArchitectureCatalog.Create("minionn-bn", new ArchitectureOptions { Width = 0.2 }), PassContext.Default);

        foreach (Node node in balanced.Nodes.Where(n => n.Operation is BatchNormalization))
            Assert.Equal([1f, 0f, 0f, 1f], node.Inputs.Skip(1).Select(v => Assert.Single(balanced.ConstantOf(v)!.Floats.ToArray().Distinct())));
        Assert.All(balanced.ConstantOf(balanced.Nodes.Single(n => n.Name == "logits/bias").Inputs[1])!.Floats.ToArray(), b => Assert.Equal(0, b));
    }

    [Fact]
    public void The_input_s_own_arithmetic_is_kept_and_channel_factors_that_no_longer_fit_become_neutral()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Add(new Binary(BinaryKind.Sub), [b.Image(1, 3, 8, 8), b.Weights("mean", 3, 1, 1)]);
            x = b.Add(new Conv(SpatialWindow.Create([3, 3], pad: 1)), [x, b.Weights("w", 4, 3, 3, 3)]);
            x = b.Add(new Binary(BinaryKind.Mul), [b.Weights("factor", 1, 4, 1, 1), x]);
            x = b.Add(new PRelu(), [x, b.Weights("slope", 4, 1, 1)]);
            return b.Add(new Conv(SpatialWindow.Create([1, 1])), [x, b.Weights("v", 2, 4, 1, 1)]);
        });

        Graph balanced = Pass("640").Run(graph, PassContext.Default);

        Tensor Operand(string name) => balanced.ConstantOf(balanced.Nodes.Single(n => n.Output.Name == name).Output)!;
        Assert.True(Operand("mean").ContentEquals(Elements(3, 1, 1)));
        Assert.Equal("1x10x1x1", Operand("factor").Shape.ToString());
        Assert.All(Operand("factor").Floats.ToArray(), f => Assert.Equal(1, f));
        Assert.All(Operand("slope").Floats.ToArray(), f => Assert.Equal(0.25f, f));
        Assert.Equal("2x10x1x1", Operand("v").Shape.ToString());
    }

    [Fact]
    public void A_layer_without_relu_keeps_its_proportion_to_those_of_its_resolution()
    {
        BalancedNetwork balanced = Pass("same", ("max-channels", "4096")).Balance(ArchitectureCatalog.Create("mobilenetv2", new ArchitectureOptions { Width = 0.5 }));
        Node[] convolutions = [.. balanced.Graph.Nodes.Where(n => n.Operation is Conv)];

        Shape expand = convolutions.Single(n => n.Name == "stage4.1.expand").Output.Shape, project = convolutions.Single(n => n.Name == "stage4.1.project").Output.Shape;
        Assert.InRange((double)expand[1] / project[1], 4.5, 7.5);
    }

    [Fact]
    public void No_layer_gets_more_channels_than_asked_for_and_the_rest_of_the_budget_goes_to_the_others()
    {
        ImmutableArray<BalancedLayer> free = Pass("86016").Balance(Core(6, 5, 2)).Layers;
        ImmutableArray<BalancedLayer> capped = Pass("86016", ("max-channels", "100")).Balance(Core(6, 5, 2)).Layers;

        Assert.Equal(100, capped[^1].ChannelsAfter);
        Assert.True(capped[0].ChannelsAfter > free[0].ChannelsAfter);
    }

    [Fact]
    public void The_notes_are_the_table_of_layers()
    {
        List<string> notes = [];

        Pass("86016").Run(Core(6, 5, 2), PassContext.Default with { Note = notes.Add });

        Assert.Contains("layer0.relu: 32x32, channels 5 -> 14, ReLUs 5120 -> 14336", notes);
        Assert.Equal("total: ReLUs 17920 -> 86016", notes[^1]);
    }

    [Fact]
    public void Equal_seeds_give_equal_weights()
    {
        Tensor Weight(string seed) => Pass("86016", ("seed", seed)).Balance(Core(6, 5, 2)).Graph.Nodes.Select(n => n.Operation).OfType<Constant>().First().Tensor;

        Assert.True(Weight("1").ContentEquals(Weight("1")));
        Assert.False(Weight("1").ContentEquals(Weight("2")));
    }

    [Fact]
    public void A_budget_that_no_width_meets_is_refused_with_the_least_there_is()
        => AssertRefused("A budget of 6143 sign decisions is too small: with one channel at the highest resolution there are 6144.", Core(6, 5, 2), "6143");

    [Fact]
    public void A_channel_shuffle_is_refused_by_name()
        => AssertRefused("'stage2.0.shuffle.split' (reshape): it mixes channels and pixels", ArchitectureCatalog.Create("shufflenetv2", new ArchitectureOptions { Width = 0.1 }));

    [Fact]
    public void What_channels_cannot_be_followed_through_is_refused_by_name()
    {
        AssertRefused("(conv): it has 2 groups", Build(b => Convolution(b, b.Image(1, 4, 8, 8), b.Weights("w", 6, 2, 3, 3), 2)));
        AssertRefused("(conv): its weight is no constant", Build(b => Convolution(b, b.Image(1, 3, 8, 8), b.Input("w", TensorType.Float(6, 3, 3, 3)))));
        AssertRefused("(conv): its channels lie along axis 2", Build(b => Convolution(
            b, b.Add(new Transpose(new IntVector(0, 2, 1, 3)), [Hidden(b)]), b.Weights("v", 2, 6, 3, 3))));
        AssertRefused("(slice): it changes the channels", Build(b => b.Add(
            new Slice(IntVector.Repeat(0, 4), new IntVector(1, 2, 6, 6), IntVector.Repeat(1, 4)), [Hidden(b)])));
        AssertRefused("(reduce_mean): it combines channels", Build(b => b.Add(new Reduce(ReduceKind.Mean, new IntVector(1)), [Hidden(b)])));
        AssertRefused("(cumsum): channels cannot be followed through it", Build(b => b.Add(new CumSum(2), [Hidden(b)])));
        AssertRefused("(add): its two inputs are made of differently joined channels", Build(b =>
        {
            Value x = b.Image(1, 3, 8, 8), y = Convolution(b, x, b.Weights("w", 4, 3, 3, 3)), z = Convolution(b, x, b.Weights("v", 8, 3, 3, 3));
            return b.Add(new Binary(BinaryKind.Add), [b.Add(new Concat(1), [y, y]), z]);
        }));
        AssertRefused("finds no ReLU layer", Build(b => Convolution(b, b.Image(1, 3, 8, 8), b.Weights("w", 4, 3, 3, 3))));
    }

    /// <summary>As exporters from TensorFlow write it: the image and the flattened features in NHWC, the rest in NCHW.</summary>
    [Fact]
    public void Channels_are_followed_through_transposes()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Add(new Transpose(new IntVector(0, 3, 1, 2)), [b.Image(1, 10, 10, 3)]);
            x = b.Add(new Relu(), [Convolution(b, x, b.Weights("w", 4, 3, 3, 3))], "relu");
            x = b.Add(new Reshape(new Shape(1, 256)), [b.Add(new Transpose(new IntVector(0, 2, 3, 1)), [x])]);
            return b.Add(new MatMul(), [x, b.Weights("fc", 256, 2)]);
        });

        BalancedNetwork balanced = Pass("384").Balance(graph);

        GraphVerifier.Require(balanced.Graph);
        Assert.Equal(new BalancedLayer("relu", 8, 8, 4, 6, 256, 384), Assert.Single(balanced.Layers));
        Assert.Equal("384x2", balanced.Graph.Nodes[^1].Inputs[1].Shape.ToString());
    }

    /// <summary>Six channels of 6×6 pixels that may change.</summary>
    private static Value Hidden(GraphBuilder builder) => Convolution(builder, builder.Image(1, 3, 8, 8), builder.Weights("w", 6, 3, 3, 3));

    private static Value Convolution(GraphBuilder builder, Value x, Value weight, int groups = 1)
        => builder.Add(new Conv(SpatialWindow.Create([3, 3]), groups), [x, weight]);

    private static void AssertRefused(string expected, Graph graph, string budget = "same")
        => Assert.Contains(expected, Assert.Throws<PassException>(() => Pass(budget).Run(graph, PassContext.Default)).Message, StringComparison.Ordinal);

    private static ReluBalance Pass(string budget, params (string Key, string Value)[] others)
        => new(new PassArguments(others.Append(("budget", budget)).ToDictionary(p => p.Item1, p => p.Item2, StringComparer.Ordinal)));

    private static Graph Core(int depth, int firstChannels, int channelFactor)
    {
        CNetDescription description = CNetDescription.Random(depth, firstChannels, channelFactor, seed: 1)
            with { Skips = [.. Enumerable.Repeat(ImmutableArray<int>.Empty, depth)] };
        NetworkBuilder net = new("core", classes: 10);
        return net.Build(CNet.Create(net, net.Image(3, 32), description));
    }

    private static IEnumerable<(string, string)> Named(Graph graph)
        => graph.Nodes.Where(n => n.Operation is not Constant).Select(n => (n.Name, n.Output.Name));

    private static void AssertAlive(Graph graph)
    {
        Tensor image = RandomNetwork.Elements(new Random(1), graph.Inputs[0].Shape.Dimensions.AsSpan());
        float[] logits = FloatInterpreter.Run(graph, [image])[0].Floats.ToArray();
        Assert.All(logits, l => Assert.True(float.IsFinite(l)));
        Assert.True(logits.Distinct().Count() > 1, "All logits are the same.");
    }
}
