using System.Security.Cryptography.X509Certificates;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests;

/// <summary>A quantised model's plan computes the model's integers.</summary>
public sealed class QuantizedModelTests
{
    private const float InputScale = 1 / 255f;

    [Fact]
    public void A_quantised_layer_is_a_product_and_one_saturating_truncation()
    {
        Net net = new Net(1, 1, 2, 6, 6).Requantize(InputScale, 0).Conv(3, Net.Window(3, 1, 1)).Relu().Requantize(0.02f, 0);
        ExecutionPlan plan = Compile(net.Build()).Plan;
        Assert.Equal(["input", "conv2d", "clip", "output"], plan.Steps.Select(s => s.Kind));
        NonLinearStep step = plan.Steps.OfType<NonLinearStep>().Single();
        Assert.Equal((0, 255), (step.Lower, step.Upper));
        Assert.Equal(1 / (double)InputScale, plan.Values[0].Scale, 1e-3);
        Assert.Equal((0.0, 255.0), (plan.Values[0].Minimum, Math.Round(plan.Values[0].Maximum / InputScale)));
        Assert.Equal(1 / 0.02f, plan.Values[^1].Scale, 1e-3);
    }

    [Fact]
    public void A_lower_bound_at_the_zero_point_is_the_ReLU_and_an_unreachable_upper_bound_costs_nothing()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 8).Requantize(InputScale, 0).Dense(4).Relu().Requantize(0.5f, 0).Build()).Plan;
        Assert.Equal(["input", "fully-connected", "relu", "output"], plan.Steps.Select(s => s.Kind));
        Assert.Equal(4, plan.Steps.Sum(s => s.ReluCount(plan)));
    }

    [Fact]
    public void Bounds_that_no_integer_reaches_make_no_decisions()
        => Assert.Equal("truncate", Compile(new Net(1, 1, 8).Requantize(InputScale, 0).Dense(4).Requantize(0.5f, 100).Build()).Plan.Steps[2].Kind);

    [Fact]
    public void Reshaping_between_activation_and_quantisation_adds_no_step()
    {
        Net net = new Net(1, 1, 2, 6, 6).Requantize(InputScale, 0).Conv(3, Net.Window(3)).Relu().MaxPool(2, 2).Flatten().Requantize(0.02f, 0).Dense(2);
        Assert.Equal(["input", "conv2d", "clip-maxpool", "reshape", "fully-connected", "output"], Compile(net.Build()).Plan.Steps.Select(s => s.Kind));
    }

    [Fact]
    public void Integers_that_are_not_requantised_are_used_as_they_are()
    {
        Net net = new Net(3, 1, 16).Quantize(InputScale, 7).Then(new Cast(ElementType.Int32));
        net.Then(new Binary(BinaryKind.Sub), net.Integer(ElementType.Int32, 7)).Then(new MatMul(), net.IntegerWeights(16, 4));
        Graph graph = net.Then(new Cast(ElementType.Float32)).Then(new Binary(BinaryKind.Mul), net.Constant([], [0.25f])).Build();
        CompiledModel model = Compile(graph);
        Assert.Equal(["input", "fully-connected", "output"], model.Plan.Steps.Select(s => s.Kind));
        Assert.All(model.Weights.Tensors[0].Elements, w => Assert.InRange(w, -127, 127));
        Assert.Equal(4, model.Plan.Values[^1].Scale);
        Tensor input = Input(new Random(1), graph);
        Assert.Equal(Expected(graph, input), Infer(model, input));
    }

    [Theory]
    [InlineData(ElementType.UInt8, 0)]
    [InlineData(ElementType.UInt8, 131)]
    [InlineData(ElementType.Int8, 0)]
    [InlineData(ElementType.Int8, -17)]
    public void A_layer_gives_the_models_integers_but_for_rare_ties(ElementType type, long zero)
    {
        int different = 0, total = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            Net net = new Net(seed, 1, 3, 10, 10).Requantize(InputScale, type == ElementType.UInt8 ? 0 : -128, type);
            Graph graph = net.Conv(8, Net.Window(3, 1, 1)).Quantize(0.037f, zero, type).Dequantize(1, 0, type).Build();
            CompiledModel model = Compile(graph);
            Tensor input = Input(new Random(seed), graph);
            double[] difference = Differences(graph, model, input);
            Assert.All(difference, d => Assert.InRange(d, 0, 1));
            (different, total) = (different + difference.Count(d => d != 0), total + difference.Length);
        }

        Assert.True(different * 100 < total, $"{different} of {total} integers differ");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Sums_pools_joins_and_leaky_activations_keep_to_the_models_integers(int seed)
    {
        Graph graph = Residual(seed);
        CompiledModel model = Compile(graph);
        Random random = new(seed);
        for (int trial = 0; trial < 3; trial++)
        {
            double[] difference = Differences(graph, model, Input(random, graph));
            Assert.True(difference.Max() < 4 * 0.05, $"{difference.Max()}");
            Assert.True(difference.Average() < 0.01, $"{difference.Average()}");
        }
    }

    [Fact]
    public void Integer_inputs_and_outputs_are_the_integers_themselves()
    {
        GraphBuilder builder = new("integers");
        Value x = builder.Input("x", new TensorType(ElementType.UInt8, new Shape(1, 4)));
        Value scale = builder.Constant(Tensor.Scalar(0.5f)), zero = builder.Constant(Tensor.FromIntegers(new TensorType(ElementType.UInt8, Shape.Scalar), [3]));
        Value real = builder.Add(new DequantizeLinear(), [x, scale, zero]);
        Value doubled = builder.Add(new Binary(BinaryKind.Mul), [real, builder.Constant(Tensor.FromFloats(new Shape(4), [2, 1, -1, 200]))]);
        builder.Output(builder.Add(new QuantizeLinear(ElementType.UInt8), [doubled, scale, zero]));
        CompiledModel model = Compile(builder.Build());
        Assert.Equal((0.0, 255.0), (model.Plan.Values[0].Minimum, model.Plan.Values[0].Maximum));
        Assert.Equal<float>([17, 200, 0, 255], new FixedPointInterpreter(model.Plan, model.Weights).Infer([10, 200, 100, 9]).Elements);
    }

    [Fact]
    public void A_scale_computed_from_the_input_is_refused_with_the_way_out()
    {
        Net net = new(1, 1, 4);
        Value x = net.Value, scale = net.Then(new Reduce(ReduceKind.Max, new IntVector(0, 1), KeepDimensions: false)).Value;
        Assert.Contains("statically", BackendCompiler.Check(net.At(x).Then(new QuantizeLinear(ElementType.UInt8), scale, net.Integer(ElementType.UInt8, 0)).Build()).Single().Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secure_run_of_a_quantised_plan_equals_the_plan_in_the_clear()
    {
        Graph graph = Residual(1);
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        Tensor input = Input(new Random(2), graph);
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        await using InferenceServer server = InferenceServer.Start(model.Plan, model.Weights, new ServerOptions { Certificate = certificate, Audit = true });
        ConnectOptions options = new() { Host = "localhost", Port = server.EndPoint.Port, TrustedCertificate = certificate, Audit = true };
        await using InferenceClient client = await InferenceClient.ConnectAsync(model.Plan, options);
        InferenceResult result = await client.InferAsync(input.Floats.ToArray());
        Assert.Equal(Infer(model, input), result.Output);
    }

    /// <summary>A sum of two scales, a join of two scales, an average pool, a leaky ReLU.</summary>
    private static Graph Residual(int seed)
    {
        Net net = new Net(seed, 1, 2, 6, 6).Requantize(InputScale, 0).Conv(3, Net.Window(3, 1, 1)).Relu().Requantize(0.0211f, 0);
        Value first = net.Value, second = net.Conv(3, Net.Window(3, 1, 1)).Then(new LeakyRelu(0.1f)).Requantize(0.0307f, 90).Value;
        net.Then(new Binary(BinaryKind.Add), first).Requantize(0.0413f, 60).Then(new Concat(1), second).Requantize(0.0519f, 60);
        return net.AveragePool(Net.Window(3, 3)).Requantize(0.0293f, 60).Flatten().Dense(5).Requantize(0.0497f, 128).Build();
    }

    private static CompiledModel Compile(Graph graph) => BackendCompiler.Compile(graph, new CompileOptions { SelectRlwe = TestRlwe.Select });

    private static Tensor Input(Random random, Graph graph)
        => Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, graph.Inputs[0].Shape.Count).Select(_ => (float)random.NextDouble())]);

    private static float[] Expected(Graph graph, Tensor input) => FloatInterpreter.Run(graph, [input])[0].Floats.ToArray();

    private static float[] Infer(CompiledModel model, Tensor input) => [.. new FixedPointInterpreter(model.Plan, model.Weights).Infer(input.Floats).Elements];

    private static double[] Differences(Graph graph, CompiledModel model, Tensor input)
        => [.. Expected(graph, input).Zip(Infer(model, input), (e, a) => (double)Math.Abs(e - a))];
}
