using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests;

/// <summary>Polynomials in fixed point: no value leaves its bits, and errors hold their bounds.</summary>
public sealed class PolynomialAgreementTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 24)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_value_stays_within_its_bits_and_its_error_bound(int seed)
    {
        Random random = new(seed);
        Graph graph = Network(random, seed).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        Assert.Contains(model.Plan.Steps, s => s is PolynomialStep);
        for (int trial = 0; trial < 4; trial++)
        {
            Shape shape = graph.Inputs[0].Shape;
            Tensor input = Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => trial % 2 == 0 ? random.Next(2) : (float)random.NextDouble())]);
            RequireAgreement(graph, model, input);
        }
    }

    /// <summary>No activation but polynomials of degrees up to 8: nothing compares, so the backend without comparisons takes it.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Faithful_divisions_keep_every_value_within_its_bits_and_its_error_bound(int seed)
    {
        Random random = new(seed);
        Net net = new(seed, 1, random.Next(1, 4), 6, 6);
        int degree = 2 + (seed % 7);
        Activate(net.Conv(random.Next(1, 5), Net.Window(3, 1, 1)), random, degree + 1);
        if (random.Next(2) == 0)
            net.AveragePool(Net.Window(2, 2));
        Activate(net.Conv(3, Net.Window(3, 1, 1)).Flatten(), random, 3);
        Graph graph = net.Dense(3).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions { Backend = "poly" });
        Assert.Equal("poly", model.Plan.Backend);
        Assert.DoesNotContain(model.Plan.Steps, s => s is NonLinearStep);
        Assert.All(model.Plan.Steps.OfType<PolynomialStep>(), s => Assert.True(s.InputShift > 0 || s.OutputShift > 0));
        for (int trial = 0; trial < 4; trial++)
        {
            Shape shape = graph.Inputs[0].Shape;
            RequireAgreement(graph, model, Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => (float)random.NextDouble())]));
        }
    }

    /// <summary>The input keeps all bits of an activation that fit, whatever the degree.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void In_rings_of_128_bits_inputs_keep_more_bits_within_the_same_bounds(int seed)
    {
        Random random = new(seed);
        Net net = new(seed, 1, random.Next(1, 4), 6, 6);
        int degree = 3 + (seed % 6);
        Activate(net.Conv(random.Next(1, 5), Net.Window(3, 1, 1)), random, degree + 1);
        Graph graph = net.Conv(3, Net.Window(3, 1, 1)).Build();
        CompileOptions options = new() { Backend = "poly" };
        CompiledModel coarse = BackendCompiler.Compile(graph, options), model = BackendCompiler.Compile(graph, options with { PowerRingBits = 128 });
        PolynomialStep step = Assert.Single(model.Plan.Steps.OfType<PolynomialStep>());
        Assert.True(step.InputShift < coarse.Plan.Steps.OfType<PolynomialStep>().Single().InputShift);
        Assert.InRange(step.RingBits, 65, 128);
        Assert.True(model.Plan.RingBits <= 64);
        Assert.True(model.Plan.Values[^1].ErrorBound <= coarse.Plan.Values[^1].ErrorBound);
        for (int trial = 0; trial < 4; trial++)
            RequireAgreement(graph, model, Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, graph.Inputs[0].Shape.Count).Select(_ => (float)random.NextDouble())]));
    }

    [Fact]
    public void A_polynomial_that_does_not_fit_64_bits_is_refused_with_the_ways_out()
    {
        Net net = new(1, 1, 2, 6, 6);
        Activate(net.Conv(3, Net.Window(3, 1, 1)), new Random(1), length: 9);
        Graph graph = net.Conv(2, Net.Window(3, 1, 1)).Build();
        CompileOptions options = new() { Backend = "poly", ActivationBits = 36 };
        RingOverflowException refusal = Assert.Throws<RingOverflowException>(() => BackendCompiler.Compile(graph, options));
        Assert.Matches("of degree 8 on \\[-?[0-9.]+, [0-9.]+\\] with 36 activation bits needs 71 bits", refusal.Message);
        foreach (string wayOut in new[] { "fewer --activation-bits", "narrow the range", "lower degree", "--ring 128" })
            Assert.Contains(wayOut, refusal.Message, StringComparison.Ordinal);
        PolynomialStep step = Assert.Single(BackendCompiler.Compile(graph, options with { PowerRingBits = 128 }).Plan.Steps.OfType<PolynomialStep>());
        Assert.InRange(step.RingBits, 65, 128);
    }

    [Fact]
    public void Everything_that_compares_is_refused_at_once_with_the_pass_that_removes_it()
    {
        Net net = new(1, 1, 2, 8, 8);
        Graph graph = net.Conv(3, Net.Window(3, 1, 1)).Relu().MaxPool(2, 2).Conv(2, Net.Window(3, 1, 1)).Relu().Flatten().Dense(4).Build();
        UnsupportedOperationsException refusal = Assert.Throws<UnsupportedOperationsException>(() => BackendCompiler.Compile(graph, new CompileOptions { Backend = "poly" }));
        Assert.All(refusal.Diagnostics, d => Assert.Equal(CompileDiagnosticCodes.NeedsComparison, d.Code));
        Assert.Equal(["relu", "maxpool", "relu"], refusal.Diagnostics.Select(d => d.Operation.Replace("_", "", StringComparison.Ordinal)));
        Assert.Contains("'polynomial'", refusal.Diagnostics[0].Hint, StringComparison.Ordinal);
        Assert.Contains("'maxpool-to-avgpool'", refusal.Diagnostics[1].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Powers_are_chosen_for_the_online_phase_or_for_both_or_as_the_caller_says()
    {
        Net net = new(1, 1, 2, 8, 8);
        Activate(net.Conv(3, Net.Window(3, 1, 1)), new Random(1), 5);
        Graph graph = net.Conv(2, Net.Window(3, 1, 1)).Build();
        CompileOptions options = new() { Backend = "poly", Network = NetworkProfile.Resolve("wan") };
        ExecutionPlan online = Compile(options), total = Compile(options with { PowerGoal = PowerGoal.Total }), beaver = Compile(options with { Powers = PowerMethod.Beaver });
        Assert.Equal(PowerMethod.HoneyBadger, Assert.Single(online.Steps.OfType<PolynomialStep>()).Method);
        Assert.Equal(PowerMethod.Beaver, Assert.Single(beaver.Steps.OfType<PolynomialStep>()).Method);
        Assert.True(Seconds(online).OnlineSeconds <= Seconds(beaver).OnlineSeconds);
        Assert.True(Total(total) <= Math.Min(Total(online), Total(beaver)));

        PolynomialStep wide = Assert.Single(Compile(options with { Powers = PowerMethod.Beaver, PowerRingBits = 128 }).Steps.OfType<PolynomialStep>());
        Assert.Equal(PowerMethod.Beaver, wide.Method);
        Assert.InRange(wide.RingBits, 65, 128);

        PowerMethodException refusal = Assert.Throws<PowerMethodException>(() => Compile(options with { Powers = PowerMethod.Binomial }));
        Assert.Contains("--truncation exact", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(PowerMethod.Binomial, Assert.Single(Compile(options with { Backend = "gc", Powers = PowerMethod.Binomial }).Steps.OfType<PolynomialStep>()).Method);

        ExecutionPlan Compile(CompileOptions how) => BackendCompiler.Compile(graph, how).Plan;
        TimeReport Seconds(ExecutionPlan plan) => PlanCosts.Report(plan, HostProfile.Reference, options.Network).Time!;
        double Total(ExecutionPlan plan) => Seconds(plan).OfflineSeconds + Seconds(plan).OnlineSeconds;
    }

    [Fact]
    public void Local_truncation_takes_the_largest_ring_and_is_refused_above_the_bound_with_the_way_out()
    {
        Net net = new(1, 1, 2, 8, 8);
        Activate(net.Conv(3, Net.Window(3, 1, 1)), new Random(1), 3);
        Graph graph = net.Conv(2, Net.Window(3, 1, 1)).Build();
        CompileOptions options = new() { Backend = "poly", Truncation = Truncation.Local };
        TruncationFailureException refusal = Assert.Throws<TruncationFailureException>(() => BackendCompiler.Compile(graph, options));
        Assert.Contains("2^-40.0 is allowed", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--truncation faithful", refusal.Message, StringComparison.Ordinal);
        CompiledModel model = BackendCompiler.Compile(graph, options with { MaxTruncationFailure = refusal.Probability });
        Assert.Equal(64, model.Plan.RingBits);
        Assert.Equal(refusal.Probability, TruncationFailure.Of(model.Plan));
        Assert.Equal(2, model.Plan.Steps.Count(s => s is TruncateStep));
        RequireAgreement(graph, model, Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, 128).Select(i => i / 127f)]));
    }

    [Fact]
    public void A_truncation_of_its_own_is_a_polynomial_that_only_divides()
    {
        Net net = new(1, 1, 2, 8, 8);
        Graph graph = net.Conv(3, Net.Window(3, 1, 1)).Relu().Conv(3, Net.Window(3, 1, 1)).AveragePool(Net.Window(2, 2)).Conv(3, Net.Window(3, 1, 1)).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions { Truncation = Truncation.Faithful });
        PolynomialStep step = Assert.Single(model.Plan.Steps.OfType<PolynomialStep>());
        Assert.Equal(("rescale", 1, 0), (step.Kind, step.Degree, step.OutputShift));
        Assert.True(step.InputShift > 8);
        RequireAgreement(graph, model, Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, 128).Select(i => i / 127f)]));
    }

    [Theory]
    [InlineData(new[] { 0.5f })]
    [InlineData(new[] { 0.5f, -2 })]
    [InlineData(new[] { 0.5f, -2, 0, 0, 0, 0 })]
    public void A_polynomial_that_is_linear_needs_no_protocol(float[] coefficients)
    {
        Net net = new(1, 1, 2, 3, 3);
        Graph graph = net.Then(new Polynomial(1), net.Constant([1, coefficients.Length], coefficients)).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        Assert.DoesNotContain(model.Plan.Steps, s => s is PolynomialStep or NonLinearStep);
        RequireAgreement(graph, model, Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, 18).Select(i => i / 17f)]));
    }

    [Fact]
    public void Channels_of_different_degrees_share_a_step()
    {
        Net net = new(1, 1, 3, 2, 2);
        Graph graph = net.Then(new Polynomial(1), net.Constant([3, 4], [1, 2, 3, 0, 0, 1, 0, 0, 0, -1, 0.5f, 0.25f])).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        PolynomialStep step = Assert.Single(model.Plan.Steps.OfType<PolynomialStep>());
        Assert.Equal((3, 3, 4), (step.Degree, step.Channels, step.Inner));
        RequireAgreement(graph, model, Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, 12).Select(i => i / 11f)]));
    }

    private static Net Network(Random random, int seed)
    {
        Net net = new(seed, 1, random.Next(1, 4), 6, 6);
        for (int layers = random.Next(1, 3); layers > 0; layers--)
        {
            net.Conv(random.Next(1, 5), Net.Window(3, 1, 1));
            bool before = random.Next(3) == 0;
            if (before)
                net.AveragePool(Net.Window(3, 1, 1));
            if (random.Next(3) == 0)
                Mix(net, random);
            else
                Activate(net, random);
            if (!before && random.Next(2) == 0)
                net.AveragePool(Net.Window(2, 2));
        }

        net.Flatten();
        if (random.Next(2) == 0)
            Activate(net, random);
        else
            Mix(net, random);
        return net.Dense(3);
    }

    /// <summary>Polynomials for some, ReLUs for others, both of one value.</summary>
    private static void Mix(Net net, Random random)
    {
        Value x = net.Value, relu = net.Relu().Value;
        net.At(x);
        Activate(net, random);
        net.Then(new Concat(1), relu);
    }

    private static void Activate(Net net, Random random, int? length = null)
    {
        int channels = random.Next(2) == 0 ? 1 : net.Value.Shape[1], terms = length ?? random.Next(3, 6);
        float[] coefficients = [.. Enumerable.Range(0, channels * terms).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(0.5, random.Next(4))))];
        coefficients[terms - 1] = 0.1f;
        net.Then(new Polynomial(1), net.Constant([channels, terms], coefficients));
    }

    private static void RequireAgreement(Graph graph, CompiledModel model, Tensor input)
    {
        Dictionary<string, float[]> exact = [];
        FloatInterpreter.Run(graph, [input], (value, tensor) => exact[value.Name] = tensor.Floats.ToArray());

        ExecutionPlan plan = model.Plan.InLargestRings();
        ulong[] words = new ulong[input.Shape.Count];
        FixedPointEncoding.Encode(plan.Values[0], new Ring(64), input.Floats, words);
        new FixedPointInterpreter(plan, model.Weights).Run(words, (step, result) =>
        {
            PlanValue value = plan.Values[step.Output];
            long[] integers = [.. result.ToArray().Select(w => (long)w)];
            Assert.All(integers, integer => Assert.Equal(integer, Ring.ToSigned((ulong)integer, value.Bits)));
            if (!exact.TryGetValue(value.Name, out float[]? expected))
                return;
            double singlePrecision = 1e-5 * (1 + Math.Max(-value.Minimum, value.Maximum));
            for (int i = 0; i < expected.Length; i++)
                Assert.InRange(integers[i] / value.Scale, expected[i] - value.ErrorBound - singlePrecision, expected[i] + value.ErrorBound + singlePrecision);
        });
    }
}
