using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
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

    [Fact]
    public void Training_mode_of_old_models_is_refused()
        => Model(6, "y", ("is_test", 0)).AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void Training_mode_normalises_by_the_batch_with_a_warning()
    {
        OnnxModelBuilder builder = Model(15, "y m2 v2", ("training_mode", 1), ("epsilon", 0f), ("momentum", 0.75f)).Output("m2").Output("v2");
        Assert.Equal(DiagnosticCodes.TrainingLeftover, Assert.Single(builder.Import().Warnings).Code);
        Graph graph = builder.Import().Graph;
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [Tensor.FromFloats(graph.Inputs[0].Type, [1, 5])]);
        Assert.Equal([[-1f, 3f], [3f], [4f]], outputs.Select(o => o.Floats.ToArray()));
    }

    [Fact]
    public void Old_test_mode_is_inference()
        => Assert.Equal(5, Model(6, "y", ("is_test", 1)).Import().Graph.Nodes.Count(n => n.Operation is Constant or BatchNormalization));

    [Fact]
    public void Normalisation_may_have_parameters_per_position()
        => Assert.Equal([0f, 3f], new OnnxModelBuilder(7).Input("x", 1, 1, 2).Floats("s", [1, 2], 1, 2).Floats("b", [1, 2], 0, 1).Floats("m", [1, 2], 1, 3).Floats("v", [1, 2], 1, 4)
            .Node("BatchNormalization", "x s b m v", "y", ("spatial", 0), ("epsilon", 0f)).Output("y").Run(1, 5).Floats);

    [Fact]
    public void Norms_and_local_response_keep_their_parameters()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 3, 2).Node("LRN", "x", "a", ("size", 3), ("beta", 0.5f)).Node("LpNormalization", "a", "y", ("p", 1)).Output("y").Import().Graph;
        Assert.Equal([new LocalResponseNormalization(3, 1e-4f, 0.5f, 1), new LpNormalization(2, 1)], graph.Nodes.Select(n => n.Operation));
    }

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
