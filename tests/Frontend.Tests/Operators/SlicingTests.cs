using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Operators;

public class SlicingTests
{
    private static readonly float[] _digits = [.. Enumerable.Range(0, 10).Select(i => (float)i)];

    [Theory]
    [InlineData(2, 5, 1, new[] { 2f, 3, 4 })]
    [InlineData(-3, long.MaxValue, 1, new[] { 7f, 8, 9 })]
    [InlineData(1, 9, 3, new[] { 1f, 4, 7 })]
    [InlineData(-1, long.MinValue, -4, new[] { 9f, 5, 1 })]
    [InlineData(100, -100, -9, new[] { 9f, 0 })]
    [InlineData(8, long.MaxValue, long.MaxValue, new[] { 8f })]
    [InlineData(5, 5, 1, new float[0])]
    public void Slices_follow_the_rules_of_onnx(long start, long end, long step, float[] expected)
        => Assert.Equal(expected, new OnnxModelBuilder().Input("x", 10).Integers("s", start).Integers("e", end).Integers("a", 0).Integers("t", step)
            .Node("Slice", "x s e a t", "y").Output("y").Run(_digits).Floats);

    [Fact]
    public void Before_opset_10_slices_have_attributes()
        => Assert.Equal([3f, 4f], new OnnxModelBuilder(9).Input("x", 1, 10)
            .Node("Slice", "x", "y", ("starts", new[] { 3 }), ("ends", new[] { 5 }), ("axes", new[] { 1 })).Output("y").Run(_digits).Floats);

    [Fact]
    public void A_step_of_zero_is_refused()
        => new OnnxModelBuilder().Input("x", 10).Integers("s", 0).Integers("e", 1).Integers("a", 0).Integers("t", 0)
            .Node("Slice", "x s e a t", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Theory]
    [InlineData(11)]
    [InlineData(13)]
    public void A_split_is_one_slice_per_output(int opset)
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(opset).Input("x", 10).Integers("parts", 3, 7);
        builder = opset < 13 ? builder.NamedNode("s", "Split", "x", "a b", ("split", new[] { 3, 7 })) : builder.NamedNode("s", "Split", "x parts", "a b");
        Graph graph = builder.Output("a").Output("b").Import().Graph;
        Assert.Equal([new Shape(3), new Shape(7)], graph.Outputs.Select(o => o.Shape));
        Assert.Equal(["s", "s/1"], graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void A_split_without_sizes_is_equal_with_the_rest_last()
        => Assert.Equal([4, 4, 2], new OnnxModelBuilder(18).Input("x", 10).Node("Split", "x", "a b c", ("num_outputs", 3))
            .Output("a").Output("b").Output("c").Import().Graph.Outputs.Select(o => o.Shape[0]));

    [Fact]
    public void Gather_counts_from_the_end()
        => Assert.Equal([9f, 0f], new OnnxModelBuilder().Input("x", 10).Integers("i", -1, 0).Node("Gather", "x i", "y").Output("y").Run(_digits).Floats);

    [Fact]
    public void An_index_out_of_range_is_refused()
        => new OnnxModelBuilder().Input("x", 10).Integers("i", 10).Node("Gather", "x i", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
