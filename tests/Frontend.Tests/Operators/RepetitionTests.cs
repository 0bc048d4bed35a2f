using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class RepetitionTests
{
    [Fact]
    public void Expanding_and_tiling_a_value_gathers_it()
    {
        Assert.Equal([1f, 2, 1, 2, 1, 2], new OnnxModelBuilder().Input("x", 2).Integers("s", 3, 1).Node("Expand", "x s", "y").Output("y").Run(1, 2).Floats);
        Assert.Equal([1f, 2, 1, 2, 3, 4, 3, 4], new OnnxModelBuilder().Input("x", 2, 2).Integers("r", 1, 2).Node("Tile", "x r", "y").Output("y").Run(1, 2, 3, 4).Floats);
    }

    [Theory]
    [InlineData("reflect", new[] { 3f, 2, 1, 2, 3, 2 })]
    [InlineData("edge", new[] { 1f, 1, 1, 2, 3, 3 })]
    [InlineData("wrap", new[] { 2f, 3, 1, 2, 3, 1 })]
    public void Padding_may_copy_the_tensors_elements(string mode, float[] expected)
        => Assert.Equal(expected, new OnnxModelBuilder(19).Input("x", 3).Integers("p", 2, 1).Node("Pad", "x p", "y", ("mode", mode)).Output("y").Run(1, 2, 3).Floats);

    [Fact]
    public void Nearest_resizing_by_a_whole_factor_only_moves_elements()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder(9).Input("x", 1, 1, 2, 2).Floats("s", [4], 1, 1, 2, 2).Node("Upsample", "x s", "y").Output("y");
        Assert.Equal([1f, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], builder.Run(1, 2, 3, 4).Floats);
        Assert.All(builder.Import().Graph.Nodes, n => Assert.True(n.Operation is Gather or Constant));
    }

    [Fact]
    public void Linear_resizing_is_a_product_with_a_constant()
        => Assert.Equal([1f, 1.25f, 1.75f, 2], new OnnxModelBuilder().Input("x", 1, 1, 2).Floats("s", [3], 1, 1, 2).Node("Resize", "x _ s", "y", ("mode", "linear")).Output("y").Run(1, 2).Floats);

    [Theory]
    [InlineData("DCR")]
    [InlineData("CRD")]
    public void Space_and_depth_are_inverse_up_to_the_order_of_channels(string mode)
    {
        float[] x = [.. Enumerable.Range(0, 16).Select(i => (float)i)];
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 4, 2, 2).Node("DepthToSpace", "x", "d", ("blocksize", 2), ("mode", mode)).Node("SpaceToDepth", "d", "y", ("blocksize", 2)).Output("y");
        Assert.Equal(x, builder.Run(x).Floats);
    }

    [Fact]
    public void A_huge_repetition_is_refused()
    {
        new OnnxModelBuilder().Input("x", 1).Integers("s", 1 << 30).Node("Expand", "x s", "y").Output("y").AssertRefused(DiagnosticCodes.TooLarge);
        new OnnxModelBuilder().Input("x", 1, 1).Floats("s", [2], 1, 1e9f).Node("Resize", "x _ s", "y").Output("y").AssertRefused(DiagnosticCodes.TooLarge);
    }

    [Fact]
    public void Scattered_writes_keep_the_last_and_may_add_up()
    {
        OnnxModelBuilder Builder(string reduction) => new OnnxModelBuilder(16).Input("x", 4).Initializer(OnnxModelBuilder.Tensor("i", [3, 1], 1L, 3L, 1L)).Floats("u", [3], 10, 20, 30)
            .Node("ScatterND", "x i u", "y", ("reduction", reduction)).Output("y");
        Assert.Equal([1f, 30, 3, 20], Builder("none").Run(1, 2, 3, 4).Floats);
        Assert.Equal([1f, 42, 3, 24], Builder("add").Run(1, 2, 3, 4).Floats);
        Assert.Equal([1f, 600, 3, 80], Builder("mul").Run(1, 2, 3, 4).Floats);
    }

    [Fact]
    public void The_smallest_element_is_found_by_the_largest_of_its_mirror_image()
    {
        Assert.Equal([1L], new OnnxModelBuilder(13).Input("x", 3).Node("ArgMin", "x", "y", ("keepdims", 0)).Output("y").Run(2, -1, 5).Integers);
        Assert.Equal([2L], new OnnxModelBuilder(13).Input("x", 1).Integers("c", long.MaxValue, 0, long.MinValue).Node("ArgMin", "c", "y", ("keepdims", 0)).Output("y").Run(0).Integers);
    }

    /// <summary>Its weight is 5 at (0, 1) and 7 at (2, 0).</summary>
    [Fact]
    public void Sparse_weights_become_dense()
        => Assert.Equal([21f, 5, 42, 20], Fuzzing.SeedModels.Sparse().Run(1, 2, 3, 4, 5, 6).Floats);
}
