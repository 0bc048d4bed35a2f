using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

public class ShapeArithmeticTests
{
    private static long[] Integers(OnnxModelBuilder builder) => Constant(builder).Integers.ToArray();

    private static Tensor Constant(OnnxModelBuilder builder)
    {
        Graph graph = builder.Output("y").Import().Graph;
        return Assert.IsType<Constant>(Assert.Single(graph.Nodes).Operation).Tensor;
    }

    [Fact]
    public void The_shape_that_pytorch_computes_for_a_view_leaves_only_the_reshape()
    {
        Graph graph = new OnnxModelBuilder(13).Input("x", "N", 3, 4).IntegerScalar("zero", 0).Integers("axis", 0).Integers("rest", -1)
            .Node("Shape", "x", "shape").Node("Gather", "shape zero", "n").Node("Unsqueeze", "n axis", "n1")
            .Node("Concat", "n1 rest", "target", ("axis", 0)).Node("Reshape", "x target", "y").Output("y").Import(new ImportOptions { BatchSize = 5 }).Graph;
        Assert.Equal(new Reshape(new Shape(5, 12)), Assert.Single(graph.Nodes).Operation);
    }

    [Fact]
    public void Integer_arithmetic_and_casts_are_computed()
        => Assert.Equal([7L], Integers(new OnnxModelBuilder().Input("x", 1, 15).Integers("one", 1).Integers("two", 2)
            .Node("Shape", "x", "s", ("start", 1)).Node("Cast", "s", "f", ("to", (int)DataType.Float)).Node("Cast", "f", "i", ("to", (int)DataType.Int64))
            .Node("Sub", "i one", "d").Node("Div", "d two", "y")));

    [Theory]
    [InlineData(0, 10, 3, new long[] { 0, 3, 6, 9 })]
    [InlineData(5, 0, -2, new long[] { 5, 3, 1 })]
    [InlineData(3, 3, 1, new long[0])]
    public void Range_counts(long start, long limit, long delta, long[] expected)
        => Assert.Equal(expected, Integers(new OnnxModelBuilder().Input("x", 1).IntegerScalar("s", start).IntegerScalar("l", limit).IntegerScalar("d", delta).Node("Range", "s l d", "y")));

    [Theory]
    [InlineData(13)]
    [InlineData(18)]
    public void ReduceProd_multiplies_a_shape(int opset)
        => Assert.Equal([24L], Integers(new OnnxModelBuilder(opset).Input("x", 2, 3, 4).Node("Shape", "x", "s").Node("ReduceProd", "s", "y")));

    [Fact]
    public void Where_and_equal_choose_dimensions()
        => Assert.Equal([2L, 9L], Integers(new OnnxModelBuilder().Input("x", 2, 3).Integers("three", 3).Integers("nine", 9)
            .Node("Shape", "x", "s").Node("Equal", "s three", "c").Node("Where", "c nine s", "y")));

    [Fact]
    public void Size_counts_elements()
        => Assert.Equal([6L], Integers(new OnnxModelBuilder().Input("x", 2, 3).Node("Size", "x", "y")));

    [Fact]
    public void ConstantOfShape_fills_and_expand_repeats()
    {
        Tensor tensor = Constant(new OnnxModelBuilder().Input("x", 1).Integers("s", 2, 1).Integers("t", 2, 3)
            .Node("ConstantOfShape", "s", "c", ("value", OnnxModelBuilder.Tensor("v", [1], 1.5f))).Node("Expand", "c t", "y"));
        Assert.Equal(new Shape(2, 3), tensor.Shape);
        Assert.Equal(Enumerable.Repeat(1.5f, 6), tensor.Floats.ToArray());
    }

    [Fact]
    public void Expand_repeats_along_the_right_axis()
        => Assert.Equal([1f, 1f, 2f, 2f, 1f, 1f, 2f, 2f], Constant(new OnnxModelBuilder().Input("x", 1).Floats("c", [2, 1], 1, 2).Integers("t", 2, 2, 2).Node("Expand", "c t", "y")).Floats);

    [Fact]
    public void Constants_have_many_spellings()
    {
        Assert.Equal([1f, 2f], Constant(new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value", OnnxModelBuilder.Tensor("v", [2], 1f, 2f)))).Floats);
        Assert.Equal([3f], Constant(new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value_float", 3f))).Floats);
        Assert.Equal([3f, 4f], Constant(new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value_floats", new[] { 3f, 4f }))).Floats);
        Assert.Equal([5L], Integers(new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value_int", 5))));
        Assert.Equal([5L, 6L], Integers(new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value_ints", new[] { 5, 6 }))));
    }

    [Fact]
    public void A_constant_of_text_is_refused()
        => new OnnxModelBuilder().Input("x", 1).Node("Constant", "", "y", ("value_string", "a")).Output("y").AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void A_file_cannot_ask_for_endless_constants()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1).Integers("s", 1 << 14, 1 << 14)
            .Node("ConstantOfShape", "s", "a").Node("ConstantOfShape", "s", "b").Node("ConstantOfShape", "s", "c").Output("a").Output("b").Output("c");
        Assert.All(builder.Errors(new ImportOptions { MaxComputedElements = 1000 }), e => Assert.Equal(DiagnosticCodes.TooLarge, e.Code));
    }

    [Fact]
    public void Dividing_a_shape_by_zero_is_refused()
        => new OnnxModelBuilder().Input("x", 4).Integers("zero", 0).Node("Shape", "x", "s").Node("Div", "s zero", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void A_cast_to_text_is_refused()
        => new OnnxModelBuilder().Input("x", 1).Node("Cast", "x", "y", ("to", (int)DataType.String)).Output("y").AssertRefused(DiagnosticCodes.UnsupportedElementType);
}
