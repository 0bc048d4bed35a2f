using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Checking;
using PrivateInference.Passes.Exact;
using PrivateInference.Passes.Rewriting;
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
                ("drop-identity", PassContract.Exact, true, new GraphSize(3, 28, 0), new GraphSize(2, 28, 0)),
                ("dead-code", PassContract.Exact, false, new GraphSize(2, 28, 0), new GraphSize(2, 28, 0)),
                ("relu-after-maxpool", PassContract.Exact, true, new GraphSize(2, 28, 0), new GraphSize(2, 16, 0)),
            ],
            result.Trace.Select(t => (t.Pass, t.Contract, t.Changed, t.Before, t.After)));
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
    public void An_exact_pass_that_changes_the_function_is_found_by_execution()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(4)], "y"));

        PassException e = Assert.Throws<PassException>(
            () => new PassManager([new Replace(PassContract.Exact, new DRelu())], check: true).Run(graph, PassContext.Default));

        Assert.Contains("'replace'", e.Message, StringComparison.Ordinal);
        Assert.Contains("same function", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lossy_pass_is_measured_on_calibration_data_against_the_model_as_it_came()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(2)], "y"));
        PassContext context = new()
        {
            Calibration = new CalibrationData([Tensor.FromFloats(new Shape(2), [1, 4]), Tensor.FromFloats(new Shape(2), [-3, 2])]),
        };

        PassResult result = new PassManager([new Replace(PassContract.Lossy, new Identity()), new DropIdentity()]).Run(graph, context);

        Assert.Equal(new OutputDifference(2, 1.5, 2), result.Trace[0].Difference);
        Assert.Null(result.Trace[1].Difference);
    }

    [Fact]
    public void What_a_pass_says_is_in_the_trace()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(2)], "y"));

        PassResult result = new PassManager([new Replace(PassContract.Lossy, new Identity())]).Run(graph, PassContext.Default);

        Assert.Equal("1 replaced", Assert.Single(result.Trace[0].Notes));
    }

    [Fact]
    public void A_pass_without_the_samples_it_needs_says_how_to_give_them()
        => Assert.Contains(
            "--calibrate DATA",
            Assert.Throws<PassException>(() => PassContext.Default.RequireCalibration("to fit")).Message,
            StringComparison.Ordinal);

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

    /// <summary>Puts another function in the place of every ReLU.</summary>
    private sealed class Replace(PassContract contract, Operation function) : RewritePass, IRewriteRule
    {
        public override string Name => "replace";

        public override string Summary => "Replaces ReLUs.";

        public override PassContract Contract => contract;

        protected override IReadOnlyList<IRewriteRule> Rules => [this];

        public override Graph Run(Graph graph, PassContext context)
        {
            context.Note("1 replaced");
            return base.Run(graph, context);
        }

        Value? IRewriteRule.Rewrite(Node node, GraphRewriter graph)
            => node.Operation is Relu ? graph.Define(node.Output, function, node.Inputs, node.Name) : null;
    }

    private sealed class Restless : Pass
    {
        public override string Name => "restless";

        public override string Summary => "Gives a new graph every time.";

        public override PassContract Contract => PassContract.Exact;

        public override Graph Run(Graph graph, PassContext context) => graph.With();
    }
}
