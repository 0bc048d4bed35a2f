using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests;

/// <summary>
/// Shared sign decisions in fixed point: no value leaves its bits whichever way decisions fall, and errors hold their bounds
/// as long as every decision falls as in the float model.
/// </summary>
public sealed class SharedSignAgreementTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Every_value_stays_within_its_bits_and_its_error_bound(int seed)
    {
        Random random = new(seed);
        Graph graph = Network(random, seed).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        Assert.Contains(model.Plan.Steps, s => s is SharedSignStep);
        for (int trial = 0; trial < 4; trial++)
        {
            Shape shape = graph.Inputs[0].Shape;
            Tensor input = Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => trial % 2 == 0 ? random.Next(2) : (float)random.NextDouble())]);
            RequireAgreement(graph, model, input);
        }
    }

    [Fact]
    public void Decisions_about_quantised_values_are_made_on_their_integers()
    {
        // A few values round to the integer beside the float model's.
        const float Tolerance = 0.2f;
        Net net = new Net(5, 1, 2, 8, 8).Requantize(1 / 255f, 0).Conv(3, Net.Window(3, 1, 1)).Requantize(0.02f, 100);
        Graph graph = SharedNetworks.ShareByElement(net, 2, maskFirst: true).Flatten().Dense(3).Build();
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        Assert.Single(model.Plan.Steps.OfType<SharedSignStep>());
        Random random = new(5);
        Shape shape = graph.Inputs[0].Shape;
        for (int trial = 0; trial < 4; trial++)
        {
            Tensor input = Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => random.Next(256) / 255f)]);
            ReadOnlySpan<float> expected = FloatInterpreter.Run(graph, [input])[0].Floats;
            DecodedOutput actual = new FixedPointInterpreter(model.Plan, model.Weights).Infer(input.Floats);
            for (int i = 0; i < expected.Length; i++)
                Assert.InRange(actual.Elements[i], expected[i] - Tolerance, expected[i] + Tolerance);
        }
    }

    /// <summary>Every decision clears its element, so that without noise the samples show nothing but zeros behind it.</summary>
    [Fact]
    public void Calibrated_ranges_hold_what_noise_lets_pass()
    {
        Net net = new Net(8, 1, 2, 8, 8).Conv(4, Net.Window(3, 1, 1));
        Value x = net.Value;
        net.Then(new Binary(BinaryKind.Add), net.Constant([1], [-50f])).Then(new DRelu()).Then(new RandomFlip(0.4f)).Then(new Binary(BinaryKind.Mul), x);
        Graph graph = net.Conv(4, Net.Window(3, 1, 1)).Flatten().Dense(3).Build();
        Random random = new(8);
        Tensor[] samples = [.. Enumerable.Range(0, 12).Select(_ => Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, 128).Select(_ => (float)random.NextDouble())]))];
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions(), new CalibrationData([.. samples[..6]]));
        ExecutionPlan plan = model.Plan with { RingBits = 64 };
        Assert.InRange(Assert.Single(plan.Steps.OfType<SharedSignStep>()).Noise!.Probability, 0.396, 0.404);
        FixedPointInterpreter interpreter = new(plan, model.Weights) { DrawNoise = s => [.. Enumerable.Range(0, s.Groups.Count).Select(_ => random.NextDouble() < 0.4)] };
        foreach (Tensor sample in samples.SelectMany(s => Enumerable.Repeat(s, 20)))
        {
            ulong[] words = new ulong[128];
            FixedPointEncoding.Encode(plan.Values[0], new Ring(64), sample.Floats, words);
            interpreter.Run(words, (step, result) => Assert.All(result.ToArray(), w => Assert.Equal((long)w, Ring.ToSigned(w, plan.Values[step.Output].Bits))));
        }
    }

    [Fact]
    public void Where_to_truncate_is_chosen_by_bytes_and_never_costs_a_ring_that_overflows()
    {
        Net net = new(3, 1, 3, 8, 8);
        for (int layer = 0; layer < 6; layer++)
            SharedNetworks.ShareByMean(net.Conv(8, Net.Window(3, 1, 1)), 2, maskFirst: true);
        ExecutionPlan plan = BackendCompiler.Compile(net.Flatten().Dense(3).Build(), new CompileOptions()).Plan;
        Assert.InRange(plan.RingBits, 20, 64);
        Assert.Contains(plan.Steps, s => s is NonLinearStep { Activation: Activation.None });
    }

    private static Net Network(Random random, int seed)
    {
        Net net = new(seed, 1, random.Next(1, 4), 8, 8);
        for (int layers = random.Next(1, 4); layers > 0; layers--)
        {
            net.Conv(random.Next(1, 5), Net.Window(3, 1, 1));
            bool maskFirst = random.Next(2) == 0;
            int patch = random.Next(2) == 0 ? 2 : 4;
            if (random.Next(2) == 0)
                SharedNetworks.ShareByMean(net, patch, maskFirst, random.Next(3) == 0 ? new RandomFlip(0.3f, Seed: seed) : null);
            else
                SharedNetworks.ShareByElement(net, patch, maskFirst);
            if (random.Next(4) == 0)
                net.Then(new MaxPool(Net.Window(3, 1, 1)));
            else if (random.Next(3) == 0)
                net.AveragePool(Net.Window(3, 1, 1));
        }

        return net.Flatten().Dense(3);
    }

    private static void RequireAgreement(Graph graph, CompiledModel model, Tensor input)
    {
        Dictionary<string, float[]> exact = [];
        FloatInterpreter.Run(graph, [input], (value, tensor) => exact[value.Name] = tensor.Type.IsFloat ? tensor.Floats.ToArray() : []);

        // In the ring of 64 bits nothing wraps, so an integer beyond its bits shows.
        ExecutionPlan plan = model.Plan with { RingBits = 64 };
        ulong[] words = new ulong[input.Shape.Count];
        FixedPointEncoding.Encode(plan.Values[0], new Ring(64), input.Floats, words);
        Dictionary<int, long[]> integers = [];
        bool sameDecisions = true;
        new FixedPointInterpreter(plan, model.Weights).Run(words, (step, result) =>
        {
            PlanValue value = plan.Values[step.Output];
            integers[step.Output] = [.. result.ToArray().Select(w => (long)w)];
            Assert.All(integers[step.Output], integer => Assert.Equal(integer, Ring.ToSigned((ulong)integer, value.Bits)));
            if (step is SharedSignStep s)
            {
                string decision = plan.Values[s.Decision].Name.Replace(".truncated", "", StringComparison.Ordinal);
                sameDecisions &= integers[s.Decision].Select(d => d >= 0).SequenceEqual(exact[decision].Select(d => d >= 0));
                Assert.Null(s.Noise);
            }

            if (!sameDecisions || !exact.TryGetValue(value.Name, out float[]? expected))
                return;
            double singlePrecision = 1e-5 * (1 + Math.Max(-value.Minimum, value.Maximum));
            for (int i = 0; i < expected.Length; i++)
                Assert.InRange(integers[step.Output][i] / value.Scale, expected[i] - value.ErrorBound - singlePrecision, expected[i] + value.ErrorBound + singlePrecision);
        });
    }
}
