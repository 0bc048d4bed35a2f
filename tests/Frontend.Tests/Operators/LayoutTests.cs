using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class LayoutTests
{
    private static OnnxModelBuilder Input(int opset = 17) => new OnnxModelBuilder(opset).Input("x", 2, 1, 3, 4);

    private static Shape ShapeOf(OnnxModelBuilder builder) => builder.Output("y").Import().Graph.Outputs[0].Shape;

    [Theory]
    [InlineData(1, new[] { 2, 12 })]
    [InlineData(0, new[] { 1, 24 })]
    [InlineData(4, new[] { 24, 1 })]
    [InlineData(-1, new[] { 6, 4 })]
    public void Flatten_makes_two_axes(int axis, int[] expected)
        => Assert.Equal(new Shape(expected), ShapeOf(Input().Node("Flatten", "x", "y", ("axis", axis))));

    [Theory]
    [InlineData(new long[] { 0, -1 }, 0, new[] { 2, 12 })]
    [InlineData(new long[] { -1 }, 0, new[] { 24 })]
    [InlineData(new long[] { 4, 0, 6 }, 0, new[] { 4, 1, 6 })]
    public void Reshape_copies_zeros_and_infers_minus_one(long[] shape, int allowZero, int[] expected)
        => Assert.Equal(new Shape(expected), ShapeOf(Input().Integers("s", shape).Node("Reshape", "x s", "y", ("allowzero", allowZero))));

    [Theory]
    [InlineData(new long[] { 5, -1 }, 0)]
    [InlineData(new long[] { -1, -1 }, 0)]
    [InlineData(new long[] { 0, -1 }, 1)]
    [InlineData(new long[] { 25 }, 0)]
    [InlineData(new[] { long.MaxValue, -1 }, 0)]
    [InlineData(new long[] { 1, 1, 1, 1, 0 }, 0)]
    public void A_reshape_that_does_not_fit_is_refused(long[] shape, int allowZero)
        => Input().Integers("s", shape).Node("Reshape", "x s", "y", ("allowzero", allowZero)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void A_computed_shape_is_refused_by_name()
    {
        Diagnostic refusal = Input().Input("s", Schema.TensorProto.Types.DataType.Int64, 2).Node("Reshape", "x s", "y").Output("y").AssertRefused(DiagnosticCodes.NotConstant);
        Assert.Equal(("Reshape", "reshape_0"), (refusal.OperatorType, refusal.NodeName));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void Squeeze_and_unsqueeze_take_axes_from_attribute_or_input(int opset)
    {
        OnnxModelBuilder builder = Input(opset).Integers("one", 1).Integers("ends", 0, -1);
        builder = opset < 13
            ? builder.Node("Squeeze", "x", "s", ("axes", new[] { 1 })).Node("Unsqueeze", "s", "y", ("axes", new[] { 0, -1 }))
            : builder.Node("Squeeze", "x one", "s").Node("Unsqueeze", "s ends", "y");
        Assert.Equal(new Shape(1, 2, 3, 4, 1), ShapeOf(builder));
    }

    [Fact]
    public void Squeeze_without_axes_drops_every_axis_of_one()
        => Assert.Equal(new Shape(2, 3, 4), ShapeOf(Input().Node("Squeeze", "x", "y")));

    [Fact]
    public void Squeezing_a_longer_axis_is_refused()
        => Input(11).Node("Squeeze", "x", "y", ("axes", new[] { 2 })).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void Unsqueezing_an_axis_twice_is_refused()
        => Input(11).Node("Unsqueeze", "x", "y", ("axes", new[] { 0, -6 })).Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void Transpose_reverses_by_default()
        => Assert.Equal(new Shape(4, 3, 1, 2), ShapeOf(Input().Node("Transpose", "x", "y")));

    [Fact]
    public void Transpose_permutes()
        => Assert.Equal(new Transpose(new IntVector(0, 2, 3, 1)), Input().Node("Transpose", "x", "y", ("perm", new[] { 0, 2, 3, 1 })).Output("y").Import().Graph.Nodes[0].Operation);

    [Fact]
    public void Concat_counts_axes_from_the_end()
        => Assert.Equal(new Shape(2, 1, 3, 8), ShapeOf(Input().Node("Concat", "x x", "y", ("axis", -1))));

    [Theory]
    [InlineData(2)]
    [InlineData(11)]
    [InlineData(18)]
    public void Pads_come_from_attributes_or_inputs_and_axes(int variant)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(variant == 2 ? 10 : variant).Input("x", 1, 2).Integers("pads", 0, 1, 0, 2).Integers("short", 1, 2).Integers("axes", -1).Floats("five", [], 5);
        builder = variant switch
        {
            2 => builder.Node("Pad", "x", "y", ("pads", new[] { 0, 1, 0, 2 }), ("value", 5f)),
            11 => builder.Node("Pad", "x pads five", "y"),
            _ => builder.Node("Pad", "x short five axes", "y"),
        };
        Assert.Equal([5f, 1f, 2f, 5f, 5f], builder.Output("y").Run(1, 2).Floats);
    }

    [Fact]
    public void A_negative_pad_crops()
        => Assert.Equal([2f, 3f, 0f], new OnnxModelBuilder().Input("x", 3).Integers("pads", -1, 1).Node("Pad", "x pads", "y").Output("y").Run(1, 2, 3).Floats);

    [Fact]
    public void Other_padding_modes_are_refused()
        => new OnnxModelBuilder().Input("x", 3).Integers("pads", 1, 1).Node("Pad", "x pads", "y", ("mode", "mirror")).Output("y").AssertRefused(DiagnosticCodes.UnsupportedFeature);
}
