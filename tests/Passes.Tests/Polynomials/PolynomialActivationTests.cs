using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.IR.Verification;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Polynomials;

public sealed class PolynomialActivationTests
{
    private static readonly int[] s_shape = [1, 4, 6, 6];

    [Fact]
    public void On_a_range_the_published_polynomial_of_relu_comes_out()
    {
        List<string> notes = [];
        Graph result = Pass("degree=4,range=-5..5,bits=10").Run(Layer(new Relu()), PassContext.Default with { Note = notes.Add });

        Assert.Equal([322 / 1024f, 0.5f, 160 / 1024f, 0, -3 / 1024f], Coefficients(result).Floats.ToArray());
        Assert.Contains("root mean square error of 0.091", Assert.Single(notes), StringComparison.Ordinal);
        Assert.Contains("x^4 reaches 625, 10 bits above the point", notes[0], StringComparison.Ordinal);
    }

    public static TheoryData<Operation, float> Activations => new()
    {
        { new Relu(), 0.1f },
        { new Clip(0, 6), 0.1f },
        { new HardSwish(), 0.02f },
        { new Sigmoid(), 0.002f },
        { new Gelu(), 0.01f },
        { new LeakyRelu(0.1f), 0.1f },
        { new Elu(1), 0.05f },
        { new Unary(UnaryKind.Tanh), 0.02f },
    };

    [Theory]
    [MemberData(nameof(Activations))]
    public void Any_activation_has_a_polynomial_near_it_in_the_range(Operation activation, float tolerance)
    {
        Graph graph = Layer(activation), result = Pass("degree=6,range=-2..2").Run(graph, PassContext.Default);
        Tensor x = Scaled(seed: 3, 2);

        float[] expected = FloatInterpreter.Run(graph, [x])[0].Floats.ToArray(), actual = FloatInterpreter.Run(result, [x])[0].Floats.ToArray();

        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, tolerance));
    }

    [Fact]
    public void A_function_that_is_a_polynomial_of_the_degree_is_found_exactly()
    {
        // On positive samples alone a ReLU is the identity.
        Tensor[] samples = [.. Enumerable.Range(0, 4).Select(s => Map(Scaled(s, 1), x => MathF.Abs(x) + 0.1f))];

        Graph result = Pass("degree=3").Run(Layer(new Relu()), Context(samples));

        Tensor coefficients = Coefficients(result);
        Assert.Equal(new Shape(4, 4), coefficients.Shape);
        for (int i = 0; i < 16; i++)
            Assert.Equal(i % 4 == 1 ? 1 : 0, coefficients.Floats[i], 1e-3f);
    }

    [Fact]
    public void Each_channel_is_fitted_to_its_own_samples_unless_asked_otherwise()
    {
        Tensor[] samples = [.. Enumerable.Range(0, 4).Select(s => ByChannel(Scaled(s, 1), (x, c) => x * (c + 1)))];

        Assert.True(Loss("per=channel") < Loss("per=layer"));
        Assert.Equal(1, Coefficients(Run("per=layer")).Shape[0]);

        Graph Run(string arguments) => Pass($"degree=2,{arguments}").Run(Layer(new Relu()), Context(samples));

        double Loss(string arguments) => samples.Sum(x => Difference(Layer(new Relu()), Run(arguments), x));
    }

    [Fact]
    public void The_least_important_channels_by_their_weights_go_first()
    {
        float[] weights = [3, 1, 4, 2];
        Graph graph = Build(b =>
        {
            Value conv = b.Add(new Conv(SpatialWindow.Create([1, 1]), 4), [b.Image(s_shape), b.Constant(Tensor.FromFloats(new Shape(4, 1, 1, 1), weights), "w")]);
            return b.Add(new Relu(), [conv], "y");
        });

        Graph result = Pass("degree=2,range=-2..2,ratio=0.5").Run(graph, PassContext.Default);

        GraphVerifier.Require(result);
        Assert.Equal(2 * 36, SignDecisions.Count(result));
        Tensor x = Scaled(seed: 1, 1);
        float[] exact = FloatInterpreter.Run(graph, [x])[0].Floats.ToArray(), mixed = FloatInterpreter.Run(result, [x])[0].Floats.ToArray();
        for (int c = 0; c < 4; c++)
            Assert.Equal(c is 0 or 2, exact.AsSpan(c * 36, 36).SequenceEqual(mixed.AsSpan(c * 36, 36)));
    }

    [Fact]
    public void The_channels_with_the_least_error_go_first_where_asked_for()
    {
        // Channels 1 and 2 are always positive: a polynomial is exact there.
        Tensor[] samples = [.. Enumerable.Range(0, 4).Select(s => ByChannel(Scaled(s, 1), (x, c) => c is 1 or 2 ? MathF.Abs(x) + 0.1f : x))];

        Graph result = Pass("degree=2,ratio=0.5,choose=error").Run(Layer(new Relu()), Context(samples));

        Assert.Equal(0, Difference(Layer(new Relu()), result, samples[0]), 1e-3);
    }

    [Fact]
    public void Degree_zero_prunes_a_channel_to_the_constant_that_fits_best()
    {
        Tensor[] samples = [.. Enumerable.Range(0, 4).Select(s => Scaled(s, 1))];

        Graph result = Pass("degree=0,per=layer").Run(Layer(new Relu()), Context(samples));

        double mean = samples.SelectMany(s => s.Floats.ToArray()).Average(v => Math.Max(0, v));
        Assert.All(FloatInterpreter.Run(result, [samples[0]])[0].Floats.ToArray(), y => Assert.Equal(mean, y, 1e-5));
        Assert.Equal(0, SignDecisions.Count(result));
    }

    [Fact]
    public void What_samples_give_outside_of_the_range_is_reported()
    {
        List<string> notes = [];
        Tensor sample = Map(Scaled(2, 1), x => x < 0.5f ? 0.25f : 3);
        double outside = sample.Floats.ToArray().Count(x => x > 1) / 144.0;

        Pass("degree=2,range=-1..1").Run(Layer(new Relu()), Context([sample]) with { Note = notes.Add });

        Assert.Contains(FormattableString.Invariant($"{outside:0.###%} of its inputs on samples lie outside of -1..1"), notes[1], StringComparison.Ordinal);
        Assert.Contains("they reach over 0.25..3; warning:", notes[1], StringComparison.Ordinal);
        Assert.Contains("range=0.25..3", notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_inputs_outside_of_the_range_are_no_reason_to_warn()
    {
        List<string> notes = [];
        Tensor[] samples = [.. Enumerable.Range(0, 20).Select(i => Map(Scaled(2, 1), x => 0.5f))];
        samples[0] = Tensor.FromFloats(samples[0].Shape, [1.5f, .. samples[0].Floats[1..]]);

        Pass("degree=2,range=-1..1").Run(Layer(new Relu()), Context(samples) with { Note = notes.Add });

        Assert.Contains("they reach over 0.5..1.5", notes[1], StringComparison.Ordinal);
        Assert.DoesNotContain("warning", notes[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_layer_is_fitted_to_what_the_rewritten_ones_give()
    {
        Graph graph = Build(b =>
        {
            Value first = b.Add(new Relu(), [b.Image(s_shape)], "first");
            Value shifted = b.Add(new Binary(BinaryKind.Sub), [first, b.Constant(Tensor.Scalar(0.3f), "shift")]);
            return b.Add(new Relu(), [shifted], "second");
        });
        List<string> notes = [];
        Tensor[] samples = [.. Enumerable.Range(0, 3).Select(s => Scaled(s, 1))];

        Pass("degree=0,per=layer").Run(graph, Context(samples) with { Note = notes.Add });

        // The first layer gives the mean of its ReLUs, near 0.25, so all inputs of the second are that less the shift.
        double mean = samples.SelectMany(x => x.Floats.ToArray()).Average(v => Math.Max(0, v)) - 0.3;
        Assert.Contains(FormattableString.Invariant($"fitted on {mean:0.###}..{mean:0.###} "), notes[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("degree=9", "at most 8")]
    [InlineData("range=5..-5", "interval")]
    [InlineData("range=4", "interval")]
    [InlineData("bits=1", "at least 2")]
    [InlineData("degree=2", "--calibrate")]
    public void What_has_no_meaning_is_refused(string arguments, string expected)
        => Assert.Contains(
            expected, Assert.Throws<PassException>(() => Pass(arguments).Run(Layer(new Relu()), PassContext.Default)).Message, StringComparison.Ordinal);

    private static Graph Layer(Operation activation) => Build(b => b.Add(activation, [b.Image(s_shape)], "y"));

    private static Pass Pass(string arguments) => PassRegistry.Default.Create("polynomial", PassRequest.Parse($"polynomial:{arguments}").Parameters);

    private static PassContext Context(Tensor[] samples) => PassContext.Default with { Calibration = new CalibrationData([.. samples]) };

    private static Tensor Coefficients(Graph graph) => graph.ConstantOf(graph.Nodes.Single(n => n.Operation is Polynomial).Inputs[1])!;

    private static Tensor Scaled(int seed, float scale) => Map(RandomNetwork.Elements(new Random(seed), s_shape), x => x * scale);

    private static Tensor Map(Tensor x, Func<float, float> function) => ByChannel(x, (v, _) => function(v));

    private static Tensor ByChannel(Tensor x, Func<float, int, float> function)
        => Tensor.FromFloats(x.Type, [.. x.Floats.ToArray().Select((v, i) => function(v, i / 36 % 4))]);

    private static double Difference(Graph a, Graph b, Tensor x)
        => FloatInterpreter.Run(a, [x])[0].Floats.ToArray().Zip(FloatInterpreter.Run(b, [x])[0].Floats.ToArray(), (u, v) => Math.Pow(u - v, 2)).Sum();
}
