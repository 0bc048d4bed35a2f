using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

public class ActivationTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(10)]
    [InlineData(11)]
    [InlineData(13)]
    public void Clip_takes_its_bounds_from_attributes_or_inputs(int opset)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("x", 1, 2).Floats("low", [], 0).Floats("high", [], 6);
        builder = opset < 11 ? builder.Node("Clip", "x", "y", ("min", 0f), ("max", 6f)) : builder.Node("Clip", "x low high", "y");
        Assert.Equal(new Clip(0, 6), builder.Output("y").Import().Graph.Nodes[^1].Operation);
    }

    [Fact]
    public void An_absent_bound_is_infinite()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 2).Floats("high", [1], 6).Node("Clip", "x _ high", "y").Output("y");
        Assert.Equal(new Clip(float.NegativeInfinity, 6), builder.Import().Graph.Nodes[^1].Operation);
        OnnxModelBuilder old = new OnnxModelBuilder(6).Input("x", 1, 2).Node("Clip", "x", "y", ("min", -3.4028234663852886e38f), ("max", 1f)).Output("y");
        Assert.Equal(new Clip(float.NegativeInfinity, 1), old.Import().Graph.Nodes[^1].Operation);
    }

    [Fact]
    public void A_computed_bound_is_a_maximum()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 2).Input("low").Floats("high", [], 6).Node("Clip", "x low high", "y").Output("y").Import().Graph;
        Assert.Equal([new Binary(BinaryKind.Max), new Binary(BinaryKind.Min)], graph.Nodes.Select(n => n.Operation).OfType<Binary>());
    }

    [Fact]
    public void Integer_bounds_keep_every_digit()
    {
        const long Bound = (1L << 40) + 1;
        Graph graph = new OnnxModelBuilder().Input("x", DataType.Int64, 2).IntegerScalar("low", Bound).Node("Clip", "x low", "y").Output("y").Import().Graph;
        Assert.Equal([Bound, Bound + 1], FloatInterpreter.Run(graph, [Tensor.FromInt64(0, Bound + 1)])[0].Integers.ToArray());
    }

    public static TheoryData<string, (string, object)[], Operation> Parameters => new()
    {
        { "LeakyRelu", [], new LeakyRelu(0.01f) },
        { "LeakyRelu", [("alpha", 0.2f)], new LeakyRelu(0.2f) },
        { "Elu", [], new Elu(1) },
        { "Selu", [], new Elu(1.67326319f, Gamma: 1.05070102f) },
        { "Celu", [("alpha", 2f)], new Elu(2, Width: 2) },
        { "ThresholdedRelu", [("alpha", 2f)], new ThresholdedRelu(2) },
        { "Shrink", [("bias", 0.25f)], new Shrink(0.5f, 0.25f) },
        { "HardSigmoid", [], new HardSigmoid(0.2f, 0.5f) },
        { "HardSwish", [], new HardSwish() },
        { "Sigmoid", [], new Sigmoid() },
        { "Gelu", [], new Gelu() },
        { "Gelu", [("approximate", "tanh")], new Gelu(Tanh: true) },
        { "Tanh", [], new Unary(UnaryKind.Tanh) },
        { "Erf", [], new Unary(UnaryKind.Erf) },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Activations_keep_their_parameters(string operatorType, (string, object)[] attributes, Operation expected)
        => Assert.Equal(expected, Assert.Single(new OnnxModelBuilder(20).Input("x", 2).Node(operatorType, "x", "y", attributes).Output("y").Import().Graph.Nodes).Operation);

    [Fact]
    public void Swish_is_a_gated_value()
        => Assert.Equal(2 / (1 + MathF.Exp(-4)), new OnnxModelBuilder(24).Input("x", 1).Node("Swish", "x", "y", ("alpha", 2f)).Output("y").Run(2).Floats[0], 1e-6f);

    [Theory]
    [InlineData(6, new[] { 2 })]
    [InlineData(9, new[] { 2, 1, 1 })]
    public void Slopes_belong_to_channels(int opset, int[] shape)
        => Assert.Equal([-1f, -10f], new OnnxModelBuilder(opset).Input("x", 1, 2, 1, 1).Floats("s", shape, 1, 10).Node("PRelu", "x s", "y").Output("y").Run(-1, -1).Floats);

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(13)]
    public void Dropout_is_kept_as_inference(int opset)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("x", 1, 2).Floats("ratio", [], 0.5f).Initializer(OnnxModelBuilder.Raw("no", DataType.Bool, [], 0));
        builder = opset switch
        {
            6 => builder.Node("Dropout", "x", "y", ("is_test", 1)),
            < 12 => builder.Node("Dropout", "x", "y mask", ("ratio", 0.5f)),
            _ => builder.Node("Dropout", "x ratio no", "y mask"),
        };
        Assert.Equal([new Dropout()], builder.Output("y").Import().Graph.Nodes.Select(n => n.Operation));
    }

    [Theory]
    [InlineData(6)]
    [InlineData(13)]
    public void Training_dropout_is_refused(int opset)
        => new OnnxModelBuilder(opset).Input("x", 1, 2).Floats("ratio", [], 0.5f).Initializer(OnnxModelBuilder.Raw("yes", DataType.Bool, [], 1))
            .Node("Dropout", opset < 12 ? "x" : "x ratio yes", "y").Output("y").AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void A_used_dropout_mask_keeps_everything()
        => Assert.Equal([1L, 1L], new OnnxModelBuilder().Input("x", 1, 2).Node("Dropout", "x", "y mask").Output("mask").Run(5, 6).Integers);

    [Fact]
    public void Training_dropout_that_drops_nothing_is_the_identity()
        => Assert.Contains(
            new OnnxModelBuilder(13).Input("x", 1, 2).Floats("ratio", [], 0).Initializer(OnnxModelBuilder.Raw("yes", DataType.Bool, [], 1))
                .Node("Dropout", "x ratio yes", "y").Output("y").Import().Graph.Nodes, n => n.Operation is Dropout);
}
