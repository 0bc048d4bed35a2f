using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests.Lowering;

public sealed class SharedSignTests
{
    [Fact]
    public void A_ReLU_written_as_a_product_is_a_ReLU()
    {
        Net net = new Net(1, 1, 2, 4, 4).Conv(2, Net.Window(3));
        Value x = net.Value;
        ExecutionPlan plan = Compile(net.Then(new DRelu()).Then(new Binary(BinaryKind.Mul), x));
        Assert.Equal(["input", "conv2d", "relu", "output"], plan.Steps.Select(s => s.Kind));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_patch_shares_the_decision_of_its_mean(bool maskFirst)
    {
        ExecutionPlan plan = Compile(Patches(maskFirst));
        SharedSignStep step = Assert.Single(plan.Steps.OfType<SharedSignStep>());
        int[] expected = [.. Enumerable.Range(0, 2 * 4 * 4).Select(i => (i / 16 * 4) + (i / 8 % 2 * 2) + (i / 2 % 2))];
        Assert.Equal(expected, step.Groups.Expand());
        Assert.Equal("avgpool", plan.Steps.Single(s => s.Output == step.Decision).Kind);
        Assert.Equal(8, plan.Steps.Sum(s => s.ReluCount(plan)));
        Assert.Equal(8, BackendCompiler.CountSignDecisions(Patches(maskFirst).Build()));
    }

    [Fact]
    public void One_decision_a_channel_is_broadcast()
    {
        Net net = new Net(1, 1, 2, 4, 4).Conv(3, Net.Window(1));
        Value x = net.Value;
        ExecutionPlan plan = Compile(net.Then(new AveragePool(Net.Window(4), false, false)).Then(new DRelu()).Then(new Binary(BinaryKind.Mul), x));
        Assert.Equal(Enumerable.Range(0, 48).Select(i => i / 16), Assert.Single(plan.Steps.OfType<SharedSignStep>()).Groups.Expand());
    }

    [Fact]
    public void Decisions_are_followed_through_every_move()
    {
        Net net = new Net(1, 1, 2, 2, 3);
        Value x = net.Value;
        Value mask = net.Then(new DRelu()).Then(new Slice(new IntVector(0, 0, 1, 2), new IntVector(1, 2, 1, 2), new IntVector(1, 1, 1, -1)))
            .Then(new Transpose(new IntVector(0, 3, 1, 2))).Then(new Reshape(new Shape(1, 4))).Then(new Identity())
            .Then(new Gather(1), net.IntegerConstant(0, 0, 0, 1, 1, -1, 2, 2, 2, 3, 3, 3)).Then(new Reshape(new Shape(1, 2, 2, 3))).Value;
        ExecutionPlan plan = Compile(net.At(x).Then(new Binary(BinaryKind.Mul), mask));

        // Row 1 of both planes, columns 2 and 1; column-major: 5, 11, 4, 10.
        SharedSignStep step = Assert.Single(plan.Steps.OfType<SharedSignStep>());
        Assert.Equal([5, 5, 5, 11, 11, 10, 4, 4, 4, 10, 10, 10], step.Groups.Expand());
        Assert.Equal(4, step.ReluCount(plan));
    }

    [Fact]
    public void Decisions_of_two_values_are_joined()
    {
        Net net = new(1, 1, 2, 2, 2);
        Value x = net.Value, first = net.Conv(1, Net.Window(2)).Then(new DRelu()).Value;
        Value second = net.At(x).Conv(2, Net.Window(2)).Then(new DRelu()).Value;
        Value all = net.At(second).Then(new Concat(1), first, second).Then(new Slice(new IntVector(0, 1, 0, 0), new IntVector(1, 3, 1, 1), new IntVector(1, 1, 1, 1))).Value;
        Value mask = net.At(all).Then(new Slice(new IntVector(0, 1, 0, 0), new IntVector(1, 2, 1, 1), new IntVector(1, 1, 1, 1))).Value;
        ExecutionPlan plan = Compile(net.At(mask).Then(new Binary(BinaryKind.Mul), x));

        // [s0, s1, f, s0, s1] without the first and then without the first again: f, s0.
        Assert.Equal([2, 2, 2, 2, 0, 0, 0, 0], Assert.Single(plan.Steps.OfType<SharedSignStep>()).Groups.Expand());
    }

    [Theory]
    [InlineData(0.5f, 1, 1)]
    [InlineData(0.25f, 2, 1)]
    [InlineData(0.2f, 8, 51)]
    [InlineData(0.8f, 8, 205)]
    [InlineData(0.01f, 12, 41)]
    public void Noise_takes_as_few_random_bits_as_give_its_probability_to_a_hundredth(float probability, int bits, int threshold)
    {
        SharedSignStep step = Assert.Single(Compile(Noisy(new RandomFlip(probability))).Steps.OfType<SharedSignStep>());
        Assert.Equal(new DecisionNoise(bits, threshold), step.Noise);
        Assert.True(step.Turned.IsEmpty);
    }

    [Theory]
    [InlineData(0.3f, 5L)]
    [InlineData(1f, null)]
    public void Noise_that_both_know_is_part_of_the_plan(float probability, long? seed)
    {
        SharedSignStep step = Assert.Single(Compile(Noisy(new RandomFlip(probability, seed))).Steps.OfType<SharedSignStep>());
        Assert.Null(step.Noise);
        float[] expected = IR.Execution.FloatInterpreter.Evaluate(new RandomFlip(probability, seed ?? 0), [Tensor.FromFloats(new Shape(32), new float[32])]).Floats.ToArray();
        Assert.Equal(expected, Enumerable.Range(0, 32).Select(i => (float)((step.Turned[i / 8] >> (i % 8)) & 1)));
    }

    [Fact]
    public void No_noise_and_noise_of_a_ReLU_by_itself()
    {
        Assert.Null(Assert.Single(Compile(Noisy(new RandomFlip(0))).Steps.OfType<SharedSignStep>()).Noise);
        Net net = new Net(1, 1, 2, 4, 4).Conv(2, Net.Window(3));
        Value x = net.Value;
        ExecutionPlan plan = Compile(net.Then(new DRelu()).Then(new RandomFlip(0.5f)).Then(new Binary(BinaryKind.Mul), x));
        Assert.NotNull(Assert.Single(plan.Steps.OfType<SharedSignStep>()).Noise);
    }

    private static Net Noisy(RandomFlip noise)
        => SharedNetworks.ShareByMean(new Net(1, 1, 2, 4, 4).Conv(2, Net.Window(1)), patch: 2, maskFirst: true, noise).Flatten().Dense(3);

    public static TheoryData<string> NoisyMisuses => ["repeated", "joined", "twice", "rare"];

    [Theory]
    [MemberData(nameof(NoisyMisuses))]
    public void Noise_that_is_not_drawn_once_for_each_element_is_refused_with_a_reason(string use)
    {
        Net net = new(1, 1, 2, 4, 4);
        Value x = net.Value, mask = net.Then(new DRelu()).Then(new RandomFlip(use == "rare" ? 1e-6f : 0.2f)).Value;
        Graph graph = (use switch
        {
            "repeated" => net.Then(new Gather(1), net.IntegerConstant(0, 0)).Then(new Binary(BinaryKind.Mul), x),
            "joined" => net.Then(new Concat(1), mask, mask).Then(new Slice(new IntVector(0, 1, 0, 0), new IntVector(1, 2, 4, 4), new IntVector(1, 1, 1, 1))).Then(new Binary(BinaryKind.Mul), x),
            "twice" => net.Then(new RandomFlip(0.2f)).Then(new Binary(BinaryKind.Mul), x),
            _ => net.Then(new Binary(BinaryKind.Mul), x),
        }).Build();
        CompileDiagnostic diagnostic = BackendCompiler.Check(graph)[0];
        Assert.Matches("drawn for each element|before they are joined|draw noise twice|cannot draw a probability", diagnostic.Message);
    }

    [Fact]
    public void Noise_on_anything_but_decisions_is_refused()
        => Assert.Contains("sign decisions", BackendCompiler.Check(new Net(1, 1, 2, 4, 4).Then(new RandomFlip(0.2f)).Build())[0].Hint, StringComparison.Ordinal);

    public static TheoryData<string> Misuses => ["output", "add", "relu", "product of two", "times a constant", "pooled", "padded", "matrix product"];

    [Theory]
    [MemberData(nameof(Misuses))]
    public void Any_other_use_of_a_decision_is_refused_with_a_reason(string use)
    {
        Net net = new(1, 1, 2, 4, 4);
        Value x = net.Value, mask = net.Then(new DRelu()).Value;
        Graph graph = (use switch
        {
            "output" => net,
            "add" => net.Then(new Binary(BinaryKind.Add), x),
            "relu" => net.Relu(),
            "product of two" => net.Then(new Binary(BinaryKind.Mul), mask),
            "times a constant" => net.Then(new Binary(BinaryKind.Mul), net.Constant([1, 2, 1, 1])),
            "pooled" => net.AveragePool(Net.Window(2)),
            "padded" => net.Then(new Pad(new IntVector(0, 0, 1, 0, 0, 0, 0, 0), 0)),
            _ => net.Flatten().Dense(2),
        }).Build();
        CompileDiagnostic diagnostic = BackendCompiler.Check(graph)[0];
        Assert.Equal(CompileDiagnosticCodes.UnsupportedOperation, diagnostic.Code);
        Assert.Matches("sign decision|is a constant where", diagnostic.Message);
    }

    [Fact]
    public void Fewer_decisions_cost_fewer_bytes_than_the_ReLU()
    {
        static Net Layers(Func<Net, Net> activate)
            => activate(new Net(1, 1, 3, 16, 16).Conv(8, Net.Window(3, 1, 1))).Conv(8, Net.Window(3, 1, 1)).AveragePool(Net.Window(16)).Flatten().Dense(3);
        long relu = Bytes(BackendCompiler.Compile(Layers(n => n.Relu()).Build(), new CompileOptions { Backend = "gc" }).Plan);
        long shared = Bytes(BackendCompiler.Compile(Layers(n => Share(n, maskFirst: true)).Build(), new CompileOptions { Backend = "gc" }).Plan);
        Assert.True(2 * shared < relu, $"{shared} bytes with shared decisions, {relu} without");
    }

    private static long Bytes(ExecutionPlan plan)
    {
        Runtime.Costs.PhaseTotals total = Runtime.Engine.PlanCosts.Report(plan).Total;
        return total.Offline.TotalBytes + total.Online.TotalBytes;
    }

    private static Net Patches(bool maskFirst) => Share(new Net(1, 1, 2, 4, 4).Conv(2, Net.Window(1)), maskFirst).Flatten().Dense(3);

    private static Net Share(Net net, bool maskFirst) => SharedNetworks.ShareByMean(net, patch: 2, maskFirst);

    private static ExecutionPlan Compile(Net net) => BackendCompiler.Compile(net.Build(), new CompileOptions { SelectRlwe = TestRlwe.Select }).Plan;
}
