using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Tests;

/// <summary>The compiler's promises on networks that nobody chose: no overflow, and errors within the stated bounds.</summary>
public sealed class FixedPointAgreementTests
{
    /// <summary>The last four have values that are zero on the whole range, at large scales.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 120), 996, 1835, 1933, 3025];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_value_stays_within_its_bits_and_its_error_bound(int seed)
    {
        Graph graph = RandomNetworks.Create(seed);
        CompiledModel model = Compile(graph);
        Random random = new(seed);
        for (int trial = 0; trial < 4; trial++)
            RequireAgreement(graph, model, RandomInput(random, graph.Inputs[0].Shape, corners: trial % 2 == 0));
    }

    /// <summary>Positions along an axis: one slice, repeats, all the same, reversed with steps, scattered.</summary>
    public static TheoryData<long[]> Positions => [[1, 2], [0, 0, 1, 1, 2, 2], [1, 1, 1], [2, 0], [0, 2, 1, 1, 0, 2], [0, 2, 0, 2, 0, 2]];

    [Theory]
    [MemberData(nameof(Positions))]
    public void Gathers_at_constant_positions_hold_their_bounds(long[] positions)
    {
        for (int axis = 1; axis < 4; axis++)
        {
            Net net = new Net(axis, 1, 3, 3, 3).Conv(3, Net.Window(1)).Relu();
            Graph graph = net.Then(new Gather(axis), net.IntegerConstant(positions)).Flatten().Dense(3).Build();
            RequireAgreement(graph, Compile(graph), RandomInput(new Random(axis), graph.Inputs[0].Shape, corners: false));
        }
    }

    [Theory]
    [InlineData(ReduceKind.Mean, 1, 1)]
    [InlineData(ReduceKind.Mean, 1, 3)]
    [InlineData(ReduceKind.Max, 2, 3)]
    [InlineData(ReduceKind.Max, 3, 3)]
    [InlineData(ReduceKind.Sum, 2, 3)]
    public void Reductions_over_neighbouring_axes_hold_their_bounds(ReduceKind kind, int first, int last)
    {
        IntVector axes = new([.. Enumerable.Range(first, last - first + 1)]);
        Graph graph = new Net(1, 1, 3, 4, 2).Conv(3, Net.Window(1)).Then(new Reduce(kind, axes)).Flatten().Dense(2).Build();
        RequireAgreement(graph, Compile(graph), RandomInput(new Random(1), graph.Inputs[0].Shape, corners: false));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(31)]
    public void Calibrated_plans_hold_on_their_samples_and_take_fewer_bits(int seed)
    {
        Graph graph = new Net(seed, 1, 2, 8, 8).Conv(8, Net.Window(3, 1, 1)).Relu().Conv(8, Net.Window(3)).Relu().Conv(8, Net.Window(3)).Relu().Flatten().Dense(4).Build();
        Random random = new(seed);
        Tensor[] samples = [.. Enumerable.Range(0, 20).Select(_ => RandomInput(random, graph.Inputs[0].Shape, corners: false))];
        CompileOptions options = new() { ActivationBits = 12, SelectRlwe = TestRlwe.Select };
        CompiledModel calibrated = BackendCompiler.Compile(graph, options, new CalibrationData([.. samples]));
        CompiledModel uncalibrated = BackendCompiler.Compile(graph, options);
        Assert.NotNull(calibrated.Calibration);
        Assert.Equal(20, calibrated.Calibration.Samples);
        Assert.Empty(calibrated.Calibration.OutOfRange);
        Assert.InRange(calibrated.Calibration.SameTop, 19, 20);
        Assert.True(calibrated.Plan.Values[^1].Scale > uncalibrated.Plan.Values[^1].Scale, "narrower ranges give finer scales");
        foreach (Tensor sample in samples)
            RequireAgreement(graph, calibrated, sample);
    }

    [Fact]
    public void Compiling_twice_gives_the_same_bytes()
    {
        for (int seed = 0; seed < 5; seed++)
        {
            CompiledModel first = Compile(RandomNetworks.Create(seed)), second = Compile(RandomNetworks.Create(seed));
            Assert.Equal(PlanSerializer.Write(first.Plan), PlanSerializer.Write(second.Plan));
            Assert.Equal(WeightsSerializer.Write(first.Weights), WeightsSerializer.Write(second.Weights));
        }
    }

    [Fact]
    public void Plans_survive_their_files()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            CompiledModel model = Compile(RandomNetworks.Create(seed));
            ExecutionPlan plan = PlanSerializer.Read(PlanSerializer.Write(model.Plan));
            Assert.Equal(PlanPrinter.Print(model.Plan), PlanPrinter.Print(plan));
            Assert.Equal(model.Weights.Tensors.Length, WeightsSerializer.Read(WeightsSerializer.Write(model.Weights), plan).Tensors.Length);
        }
    }

    public static TheoryData<Operation> Piecewise =>
    [
        new LeakyRelu(0.01f), new LeakyRelu(0.2f), new LeakyRelu(-0.5f), new LeakyRelu(3), new Unary(UnaryKind.Abs), new HardSigmoid(0.2f, 0.5f),
        new ThresholdedRelu(0), new Shrink(0.25f, 0.25f), new Clip(-0.5f, float.PositiveInfinity), new Clip(float.NegativeInfinity, 0.125f),
    ];

    [Theory]
    [MemberData(nameof(Piecewise))]
    public void Piecewise_linear_functions_hold_their_bounds_and_count_as_the_graph_does(Operation operation)
        => RequirePiecewise(net => net.Then(operation));

    [Theory]
    [InlineData(BinaryKind.Max)]
    [InlineData(BinaryKind.Min)]
    public void Extrema_hold_their_bounds_and_count_as_the_graph_does(BinaryKind kind)
    {
        RequirePiecewise(net => net.Then(new Binary(kind), net.Constant([3, 1, 1])));
        RequirePiecewise(net => net.Then(new Binary(kind), net.At(net.Value).Conv(3, Net.Window(1)).Value));
    }

    [Fact]
    public void A_slope_per_channel_holds_its_bounds_and_counts_as_the_graph_does()
        => RequirePiecewise(net => net.Then(new PRelu(), net.Constant([3, 1, 1])));

    private static void RequirePiecewise(Func<Net, Net> add)
    {
        Graph graph = add(new Net(5, 1, 2, 5, 5).Conv(3, Net.Window(3, 1, 1))).Flatten().Dense(4).Build();
        CompiledModel model = Compile(graph);
        Assert.Equal(SignDecisions(graph), model.Plan.Steps.Sum(s => s.ReluCount(model.Plan)));
        Random random = new(1);
        for (int trial = 0; trial < 4; trial++)
            RequireAgreement(graph, model, RandomInput(random, graph.Inputs[0].Shape, corners: trial % 2 == 0));
    }

    /// <summary>One for each element and bound of the only function.</summary>
    private static long SignDecisions(Graph graph)
        => 75 * (graph.Nodes.Any(n => n.Operation is HardSigmoid or Shrink) ? 2 : 1);

    private static CompiledModel Compile(Graph graph) => BackendCompiler.Compile(graph, new CompileOptions { SelectRlwe = TestRlwe.Select });

    private static Tensor RandomInput(Random random, Shape shape, bool corners)
        => Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => corners ? random.Next(2) : (float)random.NextDouble())]);

    private static void RequireAgreement(Graph graph, CompiledModel model, Tensor input)
    {
        Dictionary<string, float[]> exact = [];
        FloatInterpreter.Run(graph, [input], (value, tensor) => exact[value.Name] = tensor.Type.IsFloat ? tensor.Floats.ToArray() : []);

        // In the ring of 64 bits nothing wraps, so an integer beyond its bits shows.
        ExecutionPlan plan = model.Plan with { RingBits = 64 };
        ulong[] words = new ulong[input.Shape.Count];
        FixedPointEncoding.Encode(plan.Values[0], new Ring(64), input.Floats, words);
        new FixedPointInterpreter(plan, model.Weights).Run(words, (step, result) =>
        {
            PlanValue value = plan.Values[step.Output];
            exact.TryGetValue(value.Name, out float[]? expected);
            for (int i = 0; i < result.Length; i++)
            {
                long integer = (long)result[i];
                if (Ring.ToSigned(result[i], value.Bits) != integer)
                    Assert.Fail($"{step.Name} '{value.Name}': {integer} exceeds {value.Bits} bits\n{PlanPrinter.Print(plan)}");
                if (expected is null)
                    continue;
                double error = Math.Abs((integer / value.Scale) - expected[i]), singlePrecision = 1e-5 * (1 + Math.Max(-value.Minimum, value.Maximum));
                if (error > value.ErrorBound + singlePrecision)
                    Assert.Fail($"{step.Name} '{value.Name}'[{i}]: error {error} exceeds {value.ErrorBound}\n{PlanPrinter.Print(plan)}");
            }
        });
    }
}
