using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Printing;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Architectures;

public sealed class WeightTests
{
    [Fact]
    public void He_initialisation_has_mean_zero_and_variance_two_by_fan_in()
    {
        float[] weights = new WeightInitializer(3).He("w", new Shape(64, 64, 3, 3), fanIn: 576).Floats.ToArray();

        Assert.InRange(weights.Average(), -5e-4, 5e-4);
        Assert.InRange(weights.Average(w => w * w) * 576, 1.96, 2.04);
        Assert.InRange(weights.Zip(weights.Skip(1), (a, b) => a * b).Average() * 576, -0.04, 0.04);
        Assert.Equal(weights.Length, weights.Distinct().Count(), weights.Length / 100.0);
    }

    [Fact]
    public void Weights_follow_from_seed_and_name()
    {
        Tensor Weights(ulong seed, string name, int count) => new WeightInitializer(seed).Uniform(name, new Shape(count), -1, 1);

        Assert.True(Weights(1, "a", 9).ContentEquals(Weights(1, "a", 9)));
        Assert.False(Weights(1, "a", 9).ContentEquals(Weights(2, "a", 9)));
        Assert.False(Weights(1, "a", 9).ContentEquals(Weights(1, "b", 9)));
        Assert.Equal(Weights(1, "a", 9).Floats[..8].ToArray(), Weights(1, "a", 8).Floats.ToArray());
    }

    [Fact]
    public void A_network_is_the_same_every_time_and_another_with_another_seed()
    {
        string Text(ulong seed) => GraphPrinter.Print(ArchitectureCatalog.Create("shufflenetv2", new ArchitectureOptions { Seed = seed, Width = 0.2 }));

        Assert.Equal(Text(1), Text(1));
        Assert.NotEqual(Text(1), Text(2));
    }

    /// <summary>Trained networks have activations of the order of one; lowering and calibration are tested on such.</summary>
    [Theory]
    [MemberData(nameof(Runnable))]
    public void Activations_neither_vanish_nor_explode(string name)
    {
        Graph graph = ArchitectureCatalog.Create(name, new ArchitectureOptions { Width = 0.25 });
        Tensor image = RandomNetwork.Elements(new Random(1), graph.Inputs[0].Shape.Dimensions.AsSpan());

        List<(string Name, double Square)> squares = [];
        FloatInterpreter.Run(graph, [image], (value, tensor) =>
        {
            if (graph.Producer(value)?.Operation is Relu or Clip)
                squares.Add((value.Name, tensor.Floats.ToArray().Average(x => (double)x * x)));
        });

        Assert.NotEmpty(squares);
        Assert.All(squares, s => Assert.True(s.Square is > 1e-3 and < 300, $"{s.Name}: mean square {s.Square}"));
    }

    public static TheoryData<string> Runnable =>
    [
        "cnet2-100k", "minionn-max", "minionn-bn", "relu-sharing-svhn", "relu-sharing-fashion-mnist", "resnet-20", "resnet-32",
        "wrn-16-2", "wrn-40-4", "vgg-16", "squeezenet", "shufflenetv2", "mobilenetv2",
    ];
}
