using PrivateInference.Frontend.Diagnostics;
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
    public void A_computed_bound_is_refused()
        => new OnnxModelBuilder().Input("x", 1, 2).Input("low").Node("Clip", "x low", "y").Output("y").AssertRefused(DiagnosticCodes.NotConstant);

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
}
