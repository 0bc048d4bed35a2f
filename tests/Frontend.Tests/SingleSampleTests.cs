using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests;

public sealed class SingleSampleTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_fixed_batch_of_independent_samples_becomes_one_sample()
    {
        ImportedModel model = Import(new OnnxModelBuilder().Input("x", 10, 2, 3).Integers("s", 10, -1).Weights("w", 6, 4)
            .Node("Reshape", "x s", "f").Node("MatMul", "f w", "m").Node("Softmax", "m", "y", ("axis", -1)).Output("y", 10, 4));
        Assert.Equal(new Shape(1, 2, 3), model.Graph.Inputs[0].Shape);
        Assert.Equal(new Shape(1, 4), model.Graph.Outputs[0].Shape);
        Assert.Contains(model.Warnings, w => w.Code == DiagnosticCodes.BatchReduced && w.Message.Contains("10", StringComparison.Ordinal));
    }

    [Fact]
    public void Samples_that_depend_on_each_other_stay_together()
        => AssertStays(new OnnxModelBuilder(13).Input("x", 3, 2).Node("ReduceMean", "x", "m", ("axes", new[] { 0 })).Node("Sub", "x m", "y").Output("y", 3, 2));

    [Fact]
    public void A_weight_for_each_sample_keeps_the_batch()
        => AssertStays(new OnnxModelBuilder().Input("x", 3, 2).Weights("w", 3, 2).Node("Mul", "x w", "y").Output("y", 3, 2));

    [Fact]
    public void A_first_axis_that_is_no_batch_stays()
        => AssertStays(new OnnxModelBuilder().Input("x", 3, 2).Weights("w", 4, 3).Node("MatMul", "w x", "y").Output("y", 4, 2));

    [Fact]
    public void An_open_batch_is_one_and_needs_no_warning()
        => Assert.Empty(Import(new OnnxModelBuilder().Input("x", "N", 2).Node("Relu", "x", "y").Output("y")).Warnings);

    [Fact]
    public void A_size_given_by_input_and_axis_wins_over_a_fixed_one()
    {
        ImportOptions options = new() { Dimensions = ImportOptions.Default.Dimensions.Add("x:0", 2) };
        Assert.Equal(new Shape(2, 3), new OnnxModelBuilder().Input("x", 10, 3).Node("Relu", "x", "y").Output("y").Import(options).Graph.Inputs[0].Shape);
    }

    private void AssertStays(OnnxModelBuilder builder)
    {
        ImportedModel model = Import(builder);
        Assert.Equal(new Shape(3, 2), model.Graph.Inputs[0].Shape);
        Assert.DoesNotContain(model.Warnings, w => w.Code == DiagnosticCodes.BatchReduced);
    }

    private ImportedModel Import(OnnxModelBuilder builder)
    {
        File.WriteAllBytes(_file, builder.Bytes());
        return SingleSampleImporter.Import(_file);
    }
}
