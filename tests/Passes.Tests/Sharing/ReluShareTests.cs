using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Verification;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Sharing;

public sealed class ReluShareTests
{
    private static readonly int[] s_shape = [2, 3, 5, 7];

    [Theory]
    [InlineData("patch=2x2", 2 * 3 * 3 * 4)]
    [InlineData("patch=3x3", 2 * 3 * 2 * 3)]
    [InlineData("patch=1x4", 2 * 3 * 5 * 2)]
    [InlineData("patch=channel", 2 * 3)]
    [InlineData("patch=channel,clusters=4", 2 * 3 * 4)]
    [InlineData("patch=3x4,clusters=3", 2 * 3 * (3 + 3 + 3 + 3))]
    public void A_group_takes_one_decision(string arguments, long decisions)
    {
        foreach (string decide in new[] { "middle", "mean", "weights" })
            Assert.Equal(decisions, SignDecisions.Count(Share($"{arguments},decide={decide}")));
    }

    [Theory]
    [InlineData("patch=2x2")]
    [InlineData("patch=3x3")]
    [InlineData("patch=4x2")]
    [InlineData("patch=channel")]
    public void An_element_passes_where_the_middle_of_its_patch_is_not_negative(string arguments)
    {
        (int height, int width) = arguments switch { "patch=2x2" => (2, 2), "patch=3x3" => (3, 3), "patch=4x2" => (4, 2), _ => (5, 7) };

        AssertDecisions(Share(arguments), (x, n, c, i, j) =>
        {
            int top = i / height * height, left = j / width * width;
            return At(x, n, c, top + (Math.Min(height, 5 - top) / 2), left + (Math.Min(width, 7 - left) / 2));
        });
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    public void An_element_passes_where_its_patch_has_a_mean_that_is_not_negative(int height, int width)
        => AssertDecisions(Share($"patch={height}x{width},decide=mean"), (x, n, c, i, j) =>
        {
            float sum = 0;
            for (int y = i / height * height; y < Math.Min(5, ((i / height) + 1) * height); y++)
            {
                for (int z = j / width * width; z < Math.Min(7, ((j / width) + 1) * width); z++)
                    sum += At(x, n, c, y, z);
            }

            return sum;
        });

    [Fact]
    public void Elements_that_always_decide_alike_share_a_cluster_without_loss()
    {
        // Four sign patterns over the plane, so four clusters decide as their members would.
        Tensor[] samples = [.. Enumerable.Range(0, 12).Select(s => Blocks(seed: s))];
        Graph graph = Layer();

        foreach (string decide in new[] { "middle", "mean", "weights" })
        {
            Graph shared = Share($"patch=channel,clusters=4,decide={decide}", samples);
            Tensor x = Blocks(seed: 99);
            Assert.Equal(FloatInterpreter.Run(graph, [x])[0].Floats.ToArray(), FloatInterpreter.Run(shared, [x])[0].Floats.ToArray());
        }
    }

    [Fact]
    public void Fitted_weights_waste_less_than_the_middle_on_samples()
    {
        Tensor[] samples = [.. Enumerable.Range(0, 60).Select(s => RandomNetwork.Elements(new Random(s), s_shape))];

        Assert.True(Loss(Share("patch=3x3,decide=weights", samples)) < Loss(Share("patch=3x3", samples)));

        double Loss(Graph graph) => samples.Sum(x =>
        {
            float[] exact = FloatInterpreter.Run(Layer(), [x])[0].Floats.ToArray();
            return exact.Zip(FloatInterpreter.Run(graph, [x])[0].Floats.ToArray(), (a, b) => (double)(a - b) * (a - b)).Sum();
        });
    }

    [Fact]
    public void Noise_is_left_to_the_parties_unless_a_seed_is_given()
    {
        Tensor x = RandomNetwork.Elements(new Random(4), s_shape);
        float[] quiet = Output(Share("patch=channel")), drawn = Output(Share("patch=channel,noise=0.2"));
        Graph seeded = Share("patch=channel,noise=0.2,noise-seed=5");

        Assert.Equal(quiet, drawn);
        Assert.Equal(Output(seeded), Output(seeded));
        Assert.InRange(quiet.Zip(Output(seeded)).Count(p => !p.First.Equals(p.Second)), 20, 70); // 42 of 210 are expected
        Assert.NotEqual(Output(seeded), Output(Share("patch=channel,noise=0.2,noise-seed=6")));
        Assert.Null(Assert.IsType<RandomFlip>(Share("patch=channel,noise=0.2").Nodes.Single(n => n.Operation is RandomFlip).Operation).Seed);

        float[] Output(Graph graph) => FloatInterpreter.Run(graph, [x])[0].Floats.ToArray();
    }

    [Theory]
    [InlineData("patch=1x1", "no more activations than decisions")]
    [InlineData("patch=2x2,clusters=3", "save less than the products")]
    [InlineData("patch=5", "another number of spatial axes")]
    public void A_layer_that_sharing_would_not_make_cheaper_is_left_with_a_reason(string arguments, string reason)
    {
        List<string> notes = [];
        Graph graph = Layer();

        Graph result = Pass(arguments).Run(graph, Context(Samples()) with { Note = notes.Add });

        Assert.Same(graph, result);
        Assert.Contains(reason, Assert.Single(notes), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_readers_of_the_input_keep_it()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(s_shape);
            Value sum = b.Add(new Binary(BinaryKind.Add), [x, x], "sum");
            return [b.Add(new Relu(), [sum], "y"), b.Add(new Relu(), [sum], "z"), sum];
        });

        Graph result = Pass("patch=channel,layers=y").Run(graph, PassContext.Default);

        GraphVerifier.Require(result);
        Assert.Equal(["y", "z", "sum"], result.Outputs.Select(v => v.Name));
        Assert.Equal(6 + 210, SignDecisions.Count(result));
    }

    [Fact]
    public void The_expansion_is_local_so_that_a_backend_can_compose_it()
    {
        Graph result = Share("patch=3x4,clusters=3");

        Node product = result.Nodes.Single(n => n.Operation is Binary { Kind: BinaryKind.Mul });
        Node node = result.Producer(product.Inputs[1])!;
        while (node.Operation is Gather or Reshape)
            node = result.Producer(node.Inputs[0])!;
        Assert.IsType<DRelu>(node.Operation);
        Assert.Equal(result.Inputs[0], product.Inputs[0]);
    }

    [Fact]
    public void Learning_says_that_it_needs_samples()
        => Assert.Contains(
            "--calibrate", Assert.Throws<PassException>(() => Pass("clusters=2").Run(Layer(), PassContext.Default)).Message, StringComparison.Ordinal);

    private static Graph Layer() => Build(b => b.Add(new Relu(), [b.Image(s_shape)], "y"));

    private static Graph Share(string arguments, params Tensor[] samples)
    {
        Graph result = Pass(arguments).Run(Layer(), Context(samples.Length > 0 ? samples : Samples()));
        GraphVerifier.Require(result);
        return result;
    }

    private static Pass Pass(string arguments) => PassRegistry.Default.Create("relu-share", PassRequest.Parse($"relu-share:{arguments}").Parameters);

    private static PassContext Context(Tensor[] samples) => PassContext.Default with { Calibration = new CalibrationData([.. samples]) };

    private static Tensor[] Samples() => [.. Enumerable.Range(0, 10).Select(s => RandomNetwork.Elements(new Random(s), s_shape))];

    /// <summary>The four quadrants of each channel have a sign each.</summary>
    private static Tensor Blocks(int seed)
    {
        Random random = new(seed);
        float[] elements = RandomNetwork.Elements(random, s_shape).Floats.ToArray();
        int[] signs = [.. Enumerable.Range(0, 24).Select(_ => random.Next(2) == 0 ? -1 : 1)];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = signs[(i / 35 * 4) + (i / 7 % 5 / 3 * 2) + (i % 7 / 4)] * (Math.Abs(elements[i]) + 0.1f);
        return Tensor.FromFloats(new Shape(s_shape), elements);
    }

    private static float At(Tensor x, int n, int c, int i, int j) => x.Floats[(((((n * 3) + c) * 5) + i) * 7) + j];

    private static void AssertDecisions(Graph graph, Func<Tensor, int, int, int, int, float> decider)
    {
        Tensor x = RandomNetwork.Elements(new Random(8), s_shape), y = FloatInterpreter.Run(graph, [x])[0];
        for (int i = 0; i < 210; i++)
        {
            float own = x.Floats[i], deciding = decider(x, i / 105, i / 35 % 3, i / 7 % 5, i % 7);
            Assert.Equal(deciding >= 0 ? own : 0, y.Floats[i] + 0f);
        }
    }
}
