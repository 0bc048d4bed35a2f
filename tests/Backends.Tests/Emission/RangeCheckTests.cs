using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests.Emission;

/// <summary>Inputs of polynomial activations outside of the intervals they were fitted on: warnings, and the plan's check.</summary>
public sealed class RangeCheckTests
{
    private static readonly CompileOptions s_checked = new() { Backend = "poly", RangeCheckMargin = 0, InputMinimum = -8, InputMaximum = 8 };

    [Theory]
    [InlineData("poly", Truncation.Faithful)]
    [InlineData("poly", Truncation.Exact)]
    [InlineData("gc", Truncation.Exact)]
    [InlineData("hybrid", Truncation.Exact)]
    public void The_check_comes_last_and_tells_what_left_an_interval(string backend, Truncation truncation)
    {
        CompiledModel model = BackendCompiler.Compile(Squares(new Interval(-2, 3), new Interval(-1, 10)), s_checked with { Backend = backend, Truncation = truncation });
        RangeCheckStep check = Assert.IsType<RangeCheckStep>(model.Plan.Steps[^2]);
        Assert.Equal(2, check.Checked.Length);
        foreach ((float x, bool outside) in new[] { (0f, false), (-1.99f, false), (2.99f, false), (-2.05f, true), (3.05f, true), (-8, true), (8, true) })
        {
            FixedPointInterpreter interpreter = new(model.Plan, model.Weights);
            interpreter.Infer([0, x, 0]);
            Assert.True(outside == interpreter.OutOfRange, $"{x}");
        }
    }

    [Fact]
    public void Every_polynomial_is_checked_against_its_own_interval()
    {
        // The second one's input is the square of the first one's, and reaches 4 within the first one's interval.
        CompiledModel model = BackendCompiler.Compile(Squares(new Interval(-8, 8), new Interval(-1, 4)), s_checked);
        FixedPointInterpreter interpreter = new(model.Plan, model.Weights);
        interpreter.Infer([1.9f, -1.9f, 0]);
        Assert.False(interpreter.OutOfRange);
        interpreter.Infer([0, -2.1f, 0]);
        Assert.True(interpreter.OutOfRange);
    }

    [Fact]
    public void A_margin_widens_the_interval_at_both_ends()
    {
        CompiledModel model = BackendCompiler.Compile(Squares(new Interval(-1, 1), new Interval(-100, 100)), s_checked with { RangeCheckMargin = 0.5 });
        foreach ((float x, bool outside) in new[] { (1.99f, false), (-1.99f, false), (2.01f, true), (-2.01f, true) })
        {
            FixedPointInterpreter interpreter = new(model.Plan, model.Weights);
            interpreter.Infer([x, 0, 0]);
            Assert.True(outside == interpreter.OutOfRange, $"{x}");
        }
    }

    [Fact]
    public void Without_an_interval_samples_give_one_and_otherwise_all_polynomials_are_named()
    {
        Graph graph = Squares(null, null);
        UnsupportedOperationsException refusal = Assert.Throws<UnsupportedOperationsException>(() => BackendCompiler.Compile(graph, s_checked));
        Assert.Equal([CompileDiagnosticCodes.UnknownInterval, CompileDiagnosticCodes.UnknownInterval], refusal.Diagnostics.Select(d => d.Code));
        Assert.Contains("--calibrate", refusal.Diagnostics[0].Hint, StringComparison.Ordinal);

        CompiledModel model = BackendCompiler.Compile(graph, s_checked, Samples([-1, 0, 1.5f]));
        FixedPointInterpreter interpreter = new(model.Plan, model.Weights);
        interpreter.Infer([1.5f, 0, -1]);
        Assert.False(interpreter.OutOfRange);
        interpreter.Infer([1.6f, 0, 0]);
        Assert.True(interpreter.OutOfRange);
    }

    [Fact]
    public void There_must_be_something_to_check()
    {
        Graph graph = new Net(1, 1, 4).Dense(3).Build();
        Assert.Contains("--range-check", Assert.Throws<ArgumentException>(() => BackendCompiler.Compile(graph, s_checked)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(BackendCompiler.Compile(graph, new CompileOptions()).Plan.Steps, s => s is RangeCheckStep);
    }

    [Fact]
    public void An_interval_that_samples_leave_is_a_warning_with_the_node_the_part_the_worst_and_a_better_one()
    {
        Graph graph = Squares(new Interval(-1, 1), new Interval(-100, 100));
        CalibrationData samples = Samples([0.5f, -1, 0], [1, -7, 2]);
        CompileDiagnostic warning = Assert.Single(BackendCompiler.Compile(graph, new CompileOptions { Backend = "poly" }, samples).Warnings);
        Assert.Equal((CompileDiagnosticCodes.OutsideOfInterval, "polynomial"), (warning.Code, warning.Operation));
        Assert.Equal(graph.Nodes.First(n => n.Operation is Polynomial).Name, warning.Node);
        Assert.Contains("33.333% of its inputs", warning.Message, StringComparison.Ordinal);
        Assert.Contains("outside of -1..1", warning.Message, StringComparison.Ordinal);
        Assert.Contains("the worst is -7:", warning.Message, StringComparison.Ordinal);
        Assert.Contains("-7..2", warning.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_inputs_outside_are_no_reason_to_warn()
    {
        Graph graph = Squares(new Interval(-1, 1), null);
        Assert.Empty(BackendCompiler.Compile(graph, new CompileOptions { OutsideWarning = 0.4 }, Samples([0.5f, -1, 2])).Warnings);
        Assert.Single(BackendCompiler.Compile(graph, new CompileOptions { OutsideWarning = 0.3 }, Samples([0.5f, -1, 2])).Warnings);
        Assert.Empty(BackendCompiler.Compile(graph, new CompileOptions { OutsideWarning = 0 }, Samples([0.5f, -1, 1])).Warnings);
    }

    /// <summary>(x²)² of three numbers.</summary>
    private static Graph Squares(Interval? first, Interval? second)
    {
        Net net = new(1, 1, 3);
        Value square = net.Constant([1, 3], [0, 0, 1]);
        return net.Then(new Polynomial(1) { Fitted = first }, square).Then(new Polynomial(1) { Fitted = second }, square).Build();
    }

    private static CalibrationData Samples(params float[][] samples) => new([.. samples.Select(s => Tensor.FromFloats(new Shape(1, 3), s))]);
}
