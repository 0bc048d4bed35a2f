using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class NormalizationTests
{
    private static OnnxModelBuilder Model(int opset, string outputs = "y", params (string, object)[] attributes)
        => new OnnxModelBuilder(opset).Input("x", 1, 1, 1, 2).Floats("s", [1], 2).Floats("b", [1], 1).Floats("m", [1], 3).Floats("v", [1], 4)
            .Node("BatchNormalization", "x s b m v", outputs, attributes).Output("y");

    [Fact]
    public void Statistics_are_applied_in_the_order_of_onnx()
        => Assert.Equal([-2f, 3f], Model(15, "y", ("epsilon", 0f)).Run(0, 5).Floats);

    [Fact]
    public void Epsilon_has_the_default_of_onnx()
        => Assert.Equal(new BatchNormalization(1e-5f), Model(9).Import().Graph.Nodes[^1].Operation);

    [Theory]
    [InlineData(6)]
    [InlineData(14)]
    public void Training_mode_is_refused(int opset)
        => Model(opset, "y", opset < 7 ? ("is_test", 0) : ("training_mode", 1)).AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void Old_test_mode_is_inference()
        => Assert.Equal(5, Model(6, "y", ("is_test", 1)).Import().Graph.Nodes.Count(n => n.Operation is Constant or BatchNormalization));

    [Fact]
    public void Normalisation_per_position_is_refused()
        => Model(7, "y", ("spatial", 0)).AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void Unused_training_outputs_are_ignored_with_a_warning()
    {
        Diagnostic warning = Assert.Single(Model(9, "y mean var").Import().Warnings);
        Assert.Equal((DiagnosticCodes.TrainingLeftover, DiagnosticSeverity.Warning), (warning.Code, warning.Severity));
    }

    [Fact]
    public void Used_training_outputs_are_refused()
        => Model(9, "y mean var").Output("var").AssertRefused(DiagnosticCodes.UnsupportedOutput);
}
