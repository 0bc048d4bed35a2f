using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests;

public sealed class PassManagerTests
{
    [Fact]
    public void The_trace_tells_what_each_pass_did()
    {
        Graph graph = Build(b =>
        {
            Value relu = b.Add(new Relu(), [b.Add(new Identity(), [b.Image(1, 1, 4, 4)])]);
            return b.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [relu], "y");
        });

        PassResult result = new PassManager([new DropIdentity(), new DeadCode(), new ReluAfterMaxPool()], verify: true).Run(graph, PassContext.Default);

        Assert.Equal(
            [
                new PassTrace("drop-identity", Changed: true, 3, 2, 28, 28),
                new PassTrace("dead-code", Changed: false, 2, 2, 28, 28),
                new PassTrace("relu-after-maxpool", Changed: true, 2, 2, 28, 16),
            ],
            result.Trace.ToArray());
    }

    [Fact]
    public void A_fixed_point_needs_a_round_that_changes_nothing()
    {
        // The batch normalisation folds only once the dropout before it is gone.
        Graph graph = Build(b =>
        {
            Value conv = b.Add(new Conv(SpatialWindow.Create([3, 3])), [b.Image(1, 1, 4, 4), b.Weights("w", 2, 1, 3, 3)]);
            Value dropout = b.Add(new Dropout(), [conv]);
            return b.Add(new BatchNormalization(0), [dropout, .. Enumerable.Range(0, 4).Select(i => b.Weights($"p{i}", 2))], "y");
        });

        PassResult result = new PassManager([new FoldBatchNorm(), new DropIdentity()]).RunToFixedPoint(graph, PassContext.Default);

        Assert.Equal("conv", GraphAssert.Operations(result.Graph));
        Assert.Equal([true, true, true, false, false, false], result.Trace.Select(t => t.Changed));
    }

    [Fact]
    public void A_pass_that_breaks_the_graph_is_named()
    {
        GraphException e = Assert.Throws<GraphException>(
            () => new PassManager([new Breaker()], verify: true).Run(Build(b => b.Add(new Relu(), [b.Image(1)])), PassContext.Default));

        Assert.Contains("After pass 'break'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Passes_that_undo_each_other_are_found_out()
        => Assert.Contains(
            "restless",
            Assert.Throws<InvalidOperationException>(() => new PassManager([new Restless()]).RunToFixedPoint(Build(b => b.Image(1)), PassContext.Default)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Cancellation_ends_a_run()
    {
        PassContext context = new() { Cancellation = new CancellationToken(canceled: true) };

        Assert.ThrowsAny<OperationCanceledException>(() => new PassManager(PassPipeline.Canonical).Run(Build(b => b.Image(1)), context));
    }

    [Theory]
    [InlineData(0, 6, 20)]
    [InlineData(0, float.PositiveInfinity, 10)]
    [InlineData(float.NegativeInfinity, 6, 10)]
    [InlineData(float.NegativeInfinity, float.PositiveInfinity, 0)]
    public void A_clip_decides_once_for_each_finite_bound(float minimum, float maximum, long expected)
        => Assert.Equal(expected, SignDecisions.Count(Build(b => b.Add(new Clip(minimum, maximum), [b.Image(10)]))));

    public static TheoryData<Operation, long> Decisions => new()
    {
        { new LeakyRelu(0.1f), 10 },
        { new HardSwish(), 20 },
        { new HardSigmoid(0.2f, 0.5f), 20 },
        { new Unary(UnaryKind.Abs), 10 },
        { new Unary(UnaryKind.Exp), 0 },
        { new Sigmoid(), 0 },
    };

    [Theory]
    [MemberData(nameof(Decisions))]
    public void A_function_decides_between_its_branches(Operation operation, long expected)
        => Assert.Equal(expected, SignDecisions.Count(Build(b => b.Add(operation, [b.Image(10)]))));

    [Fact]
    public void A_maximum_decides_once()
        => Assert.Equal(10, SignDecisions.Count(Build(b =>
        {
            Value image = b.Image(10);
            return b.Add(new Binary(BinaryKind.Max), [image, image]);
        })));

    private sealed class Breaker : Pass
    {
        public override string Name => "break";

        public override string Summary => "Drops the nodes that the outputs need.";

        public override PassContract Contract => PassContract.Lossy;

        public override Graph Run(Graph graph, PassContext context) => graph.With(nodes: []);
    }

    private sealed class Restless : Pass
    {
        public override string Name => "restless";

        public override string Summary => "Gives a new graph every time.";

        public override PassContract Contract => PassContract.Exact;

        public override Graph Run(Graph graph, PassContext context) => graph.With();
    }
}
