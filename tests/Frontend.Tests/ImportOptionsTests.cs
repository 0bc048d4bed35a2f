using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests;

public class ImportOptionsTests
{
    private static OnnxModelBuilder Model(params object?[] dimensions) => new OnnxModelBuilder().Input("image", dimensions).Node("Relu", "image", "y").Output("y");

    [Theory]
    [InlineData("N")]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_symbolic_first_dimension_is_the_batch(object? first)
    {
        Assert.Equal(new Shape(1, 3), Model(first, 3).Import().Graph.Inputs[0].Shape);
        Assert.Equal(new Shape(7, 3), Model(first, 3).Import(new ImportOptions { BatchSize = 7 }).Graph.Inputs[0].Shape);
    }

    [Fact]
    public void A_fixed_first_dimension_stays()
        => Assert.Equal(new Shape(10, 3), Model(10, 3).Import(new ImportOptions { BatchSize = 7 }).Graph.Inputs[0].Shape);

    [Fact]
    public void The_batch_keeps_its_name_elsewhere()
        => Assert.Equal(new Shape(4, 4), Model("N", "N").Import(new ImportOptions { BatchSize = 4 }).Graph.Inputs[0].Shape);

    [Fact]
    public void Named_dimensions_take_their_values()
    {
        ImportOptions options = new() { Dimensions = ImportOptions.Default.Dimensions.Add("height", 8).Add("image:2", 9) };
        Assert.Equal(new Shape(1, 8, 9), Model("N", "height", null).Import(options).Graph.Inputs[0].Shape);
    }

    [Fact]
    public void An_open_dimension_is_refused_and_the_hint_says_how_to_set_it()
    {
        Diagnostic[] errors = [Model("N", "height").AssertRefused("OM1004"), Model("N", null).AssertRefused("OM1004")];
        Assert.All(errors, e => Assert.Contains("'image'", e.Message, StringComparison.Ordinal));
        Assert.Contains("'height'", errors[0].Hint, StringComparison.Ordinal);
        Assert.Contains("'image:1'", errors[1].Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Initializers_may_be_listed_as_inputs_or_not()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 2).Input("w", 2, 2).Weights("w", 2, 2).Node("MatMul", "x w", "y").Output("y");
        ImportedModel model = builder.Import();
        Assert.Equal(["x"], model.InputNames.ToArray());
        Assert.Equal(["y"], model.OutputNames.ToArray());
        Assert.Equal("test 1", model.Producer);
        Assert.NotNull(model.Graph.ConstantOf(model.Graph.Nodes[^1].Inputs[1]));
    }

    [Fact]
    public void A_file_above_the_limit_is_refused()
        => Assert.Throws<ModelFormatException>(() => Model(1).Import(new ImportOptions { MaxFileBytes = 10 }));
}
