using PrivateInference.Backends.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Tests.Lowering;

public sealed class LoweringTests
{
    [Fact]
    public void Relu_then_max_pool_is_one_step_that_pools_first()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 1, 4, 4).Conv(2, Net.Window(3, 1, 1)).Relu().MaxPool(2, 2));
        Assert.Equal(["input", "conv2d", "relu-maxpool", "output"], plan.Steps.Select(s => s.Kind));
        Assert.Equal(2 * 2 * 2 * 4, plan.Steps.Sum(s => s.ReluCount(plan)));
    }

    [Fact]
    public void Max_pool_then_relu_is_one_step()
        => Assert.Equal(["input", "conv2d", "relu-maxpool", "output"], Kinds(new Net(1, 1, 1, 4, 4).Conv(2, Net.Window(3, 1, 1)).MaxPool(2, 2).Relu()));

    [Fact]
    public void A_relu_that_others_read_is_not_pooled_away()
    {
        Net net = new Net(1, 1, 1, 4, 4).Conv(1, Net.Window(3, 1, 1)).Relu();
        Value relu = net.Value;
        ExecutionPlan plan = Compile(net.Then(new MaxPool(Net.Window(3, 1, 1))).Then(new Binary(BinaryKind.Add), relu));
        Assert.Equal(["input", "conv2d", "relu", "maxpool", "add", "output"], plan.Steps.Select(s => s.Kind));
    }

    [Fact]
    public void A_constant_added_after_a_product_is_its_bias()
        => Assert.Equal(["input", "fully-connected", "output"], Kinds(new Net(1, 2, 5).Dense(3)));

    [Fact]
    public void Channel_factors_go_into_the_convolution()
    {
        Net net = new Net(1, 1, 2, 3, 3).Conv(4, Net.Window(1));
        Assert.Equal(["input", "conv2d", "output"], Kinds(net.Then(new Binary(BinaryKind.Mul), net.Constant([4, 1, 1]))));
    }

    [Fact]
    public void A_product_without_activation_is_truncated_before_the_next()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 4).Dense(4).Dense(4));
        Assert.Equal(["input", "fully-connected", "truncate", "fully-connected", "output"], plan.Steps.Select(s => s.Kind));
        Assert.True(plan.Values[2].Scale <= plan.Values[0].Scale);
    }

    [Fact]
    public void A_truncation_that_two_products_read_is_made_once()
    {
        Net net = new Net(1, 1, 2, 3, 3).Conv(2, Net.Window(1));
        Value shared = net.Value, left = net.Conv(2, Net.Window(1)).Value;
        Assert.Single(Compile(net.At(shared).Conv(2, Net.Window(1)).Then(new Binary(BinaryKind.Add), left)).Steps.OfType<NonLinearStep>());
    }

    [Fact]
    public void Uniform_average_pools_move_their_divisor_into_the_scale()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 1, 6, 6).AveragePool(Net.Window(3, 3)));
        Assert.Equal(plan.Values[0].Scale * 9, plan.Values[1].Scale);
        Assert.Empty(Assert.IsType<SumPoolStep>(plan.Steps[1]).Multipliers);
    }

    [Fact]
    public void Border_windows_are_multiplied_up_to_the_common_divisor()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 1, 4, 4).AveragePool(Net.Window(2, 2, 1)));
        SumPoolStep step = Assert.IsType<SumPoolStep>(plan.Steps[1]);
        Assert.Equal<long>([4, 2, 4, 2, 1, 2, 4, 2, 4], step.Multipliers);
        Assert.Equal(plan.Values[0].Scale * 4, plan.Values[1].Scale);
    }

    [Fact]
    public void Odd_scales_are_aligned_exactly()
    {
        Net net = new(1, 1, 1, 4, 4);
        Value x = net.Value;
        ExecutionPlan plan = Compile(net.AveragePool(Net.Window(3, 1, 1), countPad: true).Then(new Concat(1), x));
        Assert.Equal(["input", "avgpool", "avgpool", "concat", "output"], plan.Steps.Select(s => s.Kind));
        Assert.Equal(plan.Values[0].Scale * 9, plan.Values[^1].Scale);
    }

    [Fact]
    public void A_convolution_over_sequences_is_one_of_height_1()
    {
        ExecutionPlan plan = Compile(new Net(1, 1, 2, 9).Conv(3, SpatialWindow.Create([3], 2, 1)));
        ConvolutionGeometry geometry = Assert.IsType<ConvolutionStep>(plan.Steps[1]).Geometry;
        Assert.Equal((1, 9, 1, 5), (geometry.InputHeight, geometry.InputWidth, geometry.OutputHeight, geometry.OutputWidth));
    }

    [Fact]
    public void Evenly_spaced_positions_are_a_slice()
    {
        Net net = new(1, 1, 6);
        SliceStep slice = Compile(net.Then(new Gather(1), net.IntegerConstant(4, 2, 0))).Steps.OfType<SliceStep>().Single();
        Assert.Equal<int>([0, 4], slice.Starts);
        Assert.Equal<int>([1, -2], slice.Steps);
    }

    [Fact]
    public void What_follows_the_logits_is_the_clients()
    {
        OutputStep softmax = Output(new Net(1, 1, 3).Dense(4).Then(new Softmax(1)));
        Assert.Equal((OutputFunction.Softmax, 1), (softmax.Function, softmax.Axis));
        OutputStep argMax = Output(new Net(1, 1, 3).Dense(4).Then(new Softmax(1)).Then(new ArgMax(1, KeepDimensions: false, SelectLast: true)));
        Assert.Equal((OutputFunction.ArgMax, 1, false, true), (argMax.Function, argMax.Axis, argMax.KeepAxis, argMax.SelectLast));
    }

    [Fact]
    public void Every_unsupported_node_is_listed_at_once()
    {
        Net net = new Net(1, 1, 4).Dense(4).Then(new Softmax(1));
        Value squared = net.Then(new Binary(BinaryKind.Mul), net.Value).Value;
        net.Then(new Binary(BinaryKind.Div), squared).Then(new Cast(ElementType.Int32));
        UnsupportedOperationsException e = Assert.Throws<UnsupportedOperationsException>(() => Compile(net));
        Assert.Equal(["softmax", "mul", "div", "cast"], e.Diagnostics.Select(d => d.Operation));
        Assert.Equal([CompileDiagnosticCodes.OutputOnly, CompileDiagnosticCodes.NeedsConstant, CompileDiagnosticCodes.NeedsConstant, CompileDiagnosticCodes.UnsupportedOperation], e.Diagnostics.Select(d => d.Code));
        Assert.All(e.Diagnostics, d => Assert.Contains(d.Node, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Products_of_two_secrets_are_refused()
    {
        Net net = new(1, 3, 3);
        Assert.Throws<UnsupportedOperationsException>(() => Compile(net.Then(new MatMul(), net.Value)));
    }

    [Fact]
    public void A_broadcast_secret_is_refused()
    {
        Net net = new(1, 1, 4);
        Assert.Throws<UnsupportedOperationsException>(() => Compile(net.Then(new Binary(BinaryKind.Add), net.Constant([3, 4]))));
    }

    private static OutputStep Output(Net net) => Assert.IsType<OutputStep>(Compile(net).Steps[^1]);

    private static IEnumerable<string> Kinds(Net net) => Compile(net).Steps.Select(s => s.Kind);

    private static ExecutionPlan Compile(Net net) => BackendCompiler.Compile(net.Build(), new CompileOptions { SelectRlwe = TestRlwe.Select }).Plan;
}
