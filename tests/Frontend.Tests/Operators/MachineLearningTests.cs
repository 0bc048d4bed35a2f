using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using Google.Protobuf;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Tests.Operators;

public class MachineLearningTests
{
    [Fact]
    public void A_regressor_is_a_linear_layer()
        => Assert.Equal([12f, 21f], new OnnxModelBuilder().Input("x", 1, 2).Node(
            "ai.onnx.ml::LinearRegressor", "x", "y", ("coefficients", new[] { 1f, 0f, 0f, 1f }), ("intercepts", new[] { 10f, 20f }), ("targets", 2)).Output("y").Run(2, 1).Floats);

    [Fact]
    public void A_classifier_gives_the_label_and_the_scores()
    {
        Graph graph = Classifier(("classlabels_ints", new[] { 7, 9 }), ("post_transform", "SOFTMAX")).Output("label").Output("scores").Import().Graph;
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [Tensor.FromFloats(new Shape(1, 2), [0, 1000])]);
        Assert.Equal([9L], outputs[0].Integers);
        Assert.Equal([0f, 1f], outputs[1].Floats);
    }

    [Fact]
    public void Text_labels_become_positions_with_a_warning()
    {
        OnnxModelBuilder builder = Classifier().Node("ai.onnx.ml::ZipMap", "scores", "map").Output("label").Output("map");
        AttributeProto labels = new() { Name = "classlabels_strings", Type = AttributeProto.Types.AttributeType.Strings };
        labels.Strings.AddRange([ByteString.CopyFromUtf8("cat"), ByteString.CopyFromUtf8("dog")]);
        builder.Graph.Node[0].Attribute.Add(labels);
        Assert.Equal([DiagnosticCodes.LabelsDropped, DiagnosticCodes.LabelsDropped], builder.Import().Warnings.Select(w => w.Code));
        Assert.Equal([1L], builder.Run(0, 100).Integers);
    }

    [Theory]
    [InlineData("LOGISTIC", typeof(Sigmoid))]
    [InlineData("SOFTMAX", typeof(Softmax))]
    [InlineData("NONE", typeof(Identity))]
    public void Scores_are_transformed_as_asked(string transform, Type expected)
        => Assert.IsType(expected, Classifier(("post_transform", transform)).Output("scores").Import().Graph.Nodes[^1].Operation);

    [Fact]
    public void An_unknown_transform_is_refused()
        => Classifier(("post_transform", "PROBIT")).Output("scores").AssertRefused(DiagnosticCodes.UnsupportedFeature);

    [Fact]
    public void A_scaler_subtracts_then_multiplies()
        => Assert.Equal([2f, 20f], new OnnxModelBuilder().Input("x", 1, 2).Node(
            "ai.onnx.ml::Scaler", "x", "y", ("offset", new[] { 1f, 2f }), ("scale", new[] { 1f, 10f })).Output("y").Run(3, 4).Floats);

    [Fact]
    public void A_normalizer_divides_by_the_norm()
        => Assert.Equal([0.25f, 0.75f], new OnnxModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml::Normalizer", "x", "y", ("norm", "L1")).Output("y").Run(1, 3).Floats);

    [Fact]
    public void Features_are_extracted_along_the_last_axis()
        => Assert.Equal([3f, 1f], new OnnxModelBuilder().Input("x", 3).Integers("i", 2, 0).Node("ai.onnx.ml::ArrayFeatureExtractor", "x i", "y").Output("y").Run(1, 2, 3).Floats);

    private static OnnxModelBuilder Classifier(params (string, object)[] attributes) => new OnnxModelBuilder().Input("x", 1, 2).Node(
        "ai.onnx.ml::LinearClassifier", "x", "label scores",
        [("coefficients", new[] { 1f, 0f, 0f, 1f }), ("intercepts", new[] { 0f, 0f }), .. attributes]);
}
