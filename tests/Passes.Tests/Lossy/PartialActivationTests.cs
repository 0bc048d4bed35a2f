using System.Collections.Immutable;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Lossy;

public sealed class PartialActivationTests
{
    /// <summary>conv → relu → conv, whose first layer has four channels with weights of 1, 4, 2 and 3 in magnitude.</summary>
    private static readonly Graph Network = Build(b =>
    {
        Value weight = b.Constant(Tensor.FromFloats(new Shape(4, 1, 1, 1), [1, -4, 2, -3]), "w1");
        Value relu = b.Add(new Relu(), [b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Image(1, 1, 3, 3), weight], "a", "conv1")], "r", "relu1");
        return b.Add(new Conv(SpatialWindow.Create([3, 3])), [relu, b.Weights("w2", 2, 4, 3, 3)], "y", "conv2");
    });

    [Theory]
    [InlineData("first", 0.5, "0 1")]
    [InlineData("importance", 0.5, "1 3")]
    [InlineData("importance", 0.25, "1")]
    [InlineData("1..2", 0.9, "1 2")]
    [InlineData("3+0", 0.9, "0 3")]
    [InlineData("first", 0.0, "")]
    [InlineData("first", 1.0, "0 1 2 3")]
    public void The_chosen_channels_keep_their_activation_and_the_others_pass(string channels, double ratio, string kept)
    {
        Graph result = Apply(Network, ("channels", channels), ("ratio", ratio.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        int[] active = [.. kept.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        Assert.Equal(9 * active.Length, SignDecisions.Count(result));
        Assert.Equal(Reference(active), Output(result), Close);
        Assert.Equal(Reference(active), Output(PassPipeline.Canonicalize(result)), Close);
    }

    [Fact]
    public void By_activity_those_stay_that_change_most_on_the_samples()
    {
        // With a positive image, the ReLU changes what has negative weights: channels 1 and 3.
        PassContext context = new() { Calibration = new CalibrationData([Elements(1, 1, 3, 3)]) };

        Graph result = Create(("channels", "activity")).Run(Network, context);

        Assert.Equal(Reference([1, 3]), Output(result), Close);
    }

    [Fact]
    public void Activity_needs_samples()
        => Assert.Contains("--calibrate", Assert.Throws<PassException>(() => Apply(Network, ("channels", "activity"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("4")]
    [InlineData("2..1")]
    [InlineData("best")]
    public void Channels_that_do_not_exist_are_refused(string channels)
        => Assert.Throws<PassException>(() => Apply(Network, ("channels", channels)));

    [Fact]
    public void Over_a_whole_model_channels_of_all_layers_compete_and_the_ratio_holds_in_total()
    {
        Graph graph = Build(b =>
        {
            Value a = b.Add(new Relu(), [Conv(b, b.Image(1, 1, 4, 4), "w1", 4)], "r1", "relu1");
            return b.Add(new Relu(), [Conv(b, b.Add(new AveragePool(SpatialWindow.Create([2, 2], stride: 2)), [a]), "w2", 8)], "r2", "relu2");
        });

        Graph result = Apply(graph, ("channels", "importance"), ("scope", "model"), ("ratio", "0.5"));

        Assert.InRange(SignDecisions.Count(result), (SignDecisions.Count(graph) / 2) - 15, SignDecisions.Count(graph) / 2);
        Assert.Throws<PassException>(() => Apply(graph, ("channels", "first"), ("scope", "model")));

        static Value Conv(GraphBuilder b, Value x, string name, int filters)
            => b.Add(new Conv(SpatialWindow.Create([1, 1])), [x, b.Weights(name, filters, x.Shape[1], 1, 1)]);
    }

    [Fact]
    public void The_first_channels_need_no_permutation()
    {
        Graph result = Apply(Network, ("channels", "first"));

        Assert.Equal("conv slice relu slice concat conv", GraphAssert.Operations(result));
        Assert.Contains(result.Nodes, n => n is { Name: "relu1", Operation: Relu });
    }

    [Fact]
    public void A_permutation_between_two_convolutions_becomes_part_of_their_weights()
    {
        Graph result = PassPipeline.Canonicalize(Apply(Network, ("channels", "importance")));

        Assert.Equal("conv slice relu slice concat conv", GraphAssert.Operations(result));
        Assert.Equal(MultiplyAccumulates.Count(Network), MultiplyAccumulates.Count(result));
    }

    [Fact]
    public void What_each_layer_keeps_is_said()
    {
        List<string> notes = [];
        Create(("ratio", "0.25")).Run(Network, new PassContext { Note = notes.Add });

        Assert.Equal("relu1: 1 of 4 channels keep 'relu'", Assert.Single(notes));
    }

    private static Pass Create(params (string Key, string Value)[] arguments)
        => PassRegistry.Default.Create("partial-activation", arguments.ToImmutableDictionary(a => a.Key, a => a.Value));

    private static Graph Apply(Graph graph, params (string Key, string Value)[] arguments)
        => new PassManager([Create(arguments)], verify: true).Run(graph, PassContext.Default).Graph;

    private static float[] Output(Graph graph) => FloatInterpreter.Run(graph, [Elements(1, 1, 3, 3)])[0].Floats.ToArray();

    /// <summary>The network with a ReLU on some channels, channel by channel.</summary>
    private static float[] Reference(int[] active)
    {
        float[] a = [];
        FloatInterpreter.Run(Network, [Elements(1, 1, 3, 3)], (value, tensor) => a = value.Name == "a" ? tensor.Floats.ToArray() : a);
        for (int i = 0; i < a.Length; i++)
            a[i] = active.Contains(i / 9) ? Math.Max(a[i], 0) : a[i];
        Tensor weight = Network.ConstantOf(Network.Nodes[^1].Inputs[1])!;
        return FloatInterpreter.Evaluate(Network.Nodes[^1], [Tensor.FromFloats(new Shape(1, 4, 3, 3), a), weight]).Floats.ToArray();
    }

    private static bool Close(float expected, float actual) => Math.Abs(expected - actual) <= 1e-4 * Math.Max(1, Math.Abs(expected));
}
