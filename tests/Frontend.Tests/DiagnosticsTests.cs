using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend.Tests;

public class DiagnosticsTests
{
    [Fact]
    public void Every_unsupported_node_is_listed_once_and_its_dependents_are_not()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 1, 4, 4).Weights("w", 1, 1, 3, 3)
            .NamedNode("act1", "LSTM", "x", "a")
            .NamedNode("conv", "Conv", "a w", "b")
            .NamedNode("act2", "Unique", "b", "c")
            .NamedNode("custom", "my.domain::Magic", "c", "d")
            .NamedNode("pad", "Pad", "x", "e", ("mode", "mirror"))
            .NamedNode("sum", "Add", "d e", "y").Output("y");
        Assert.Equal(
            [("OM1001", "act1", "LSTM"), ("OM1001", "act2", "Unique"), ("OM1001", "custom", "my.domain.Magic"), ("OM1003", "pad", "Pad")],
            builder.Errors().Select(e => (e.Code, e.NodeName!, e.OperatorType!)));
    }

    [Fact]
    public void The_message_holds_every_problem_with_its_hint()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1).NamedNode("act1", "LSTM", "x", "a").NamedNode("act2", "Unique", "a", "y").Output("y");
        string message = Assert.Throws<ModelNotSupportedException>(() => builder.Import()).Message;
        Assert.Contains("2 problems", message, StringComparison.Ordinal);
        Assert.Contains("OM1001: LSTM 'act1'", message, StringComparison.Ordinal);
        Assert.Contains("on the client", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RoiAlign", "average pooling")]
    [InlineData("Unique", "client")]
    [InlineData("LSTM", "matrix products")]
    [InlineData("com.microsoft::FusedGemm", "domain")]
    [InlineData("NeverHeardOf", "Rewrite")]
    public void Each_unsupported_operator_has_a_hint(string operatorType, string hint)
        => Assert.Contains(hint, new OnnxModelBuilder().Input("x", 1).Node(operatorType, "x", "y").Output("y").AssertRefused(DiagnosticCodes.UnsupportedOperator).Hint, StringComparison.Ordinal);

    [Fact]
    public void Nodes_that_lead_to_no_output_do_not_matter()
        => Assert.Single(new OnnxModelBuilder().Input("x", 1).Node("Relu", "x", "y").Node("LSTM", "x", "unused").Output("y").Import().Graph.Nodes);

    [Fact]
    public void Nodes_without_a_name_are_named_by_operator_and_position()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1).Node("Relu", "x", "a").NamedNode("relu_2", "Relu", "a", "b").Node("Relu", "b", "c").NamedNode("relu_2", "Relu", "c", "y").Output("y");
        Assert.Equal(["relu_0", "relu_2", "relu_2_", "relu_2_3"], builder.Import().Graph.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Both_spellings_of_the_onnx_domain_are_one()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1).Node("ai.onnx::Relu", "x", "y").Output("y");
        builder.Model.OpsetImport[0].Domain = "ai.onnx";
        Assert.Equal(17, builder.Import().Opsets[""]);
    }

    [Fact]
    public void Old_operator_sets_are_refused()
    {
        Assert.Equal(DiagnosticCodes.UnsupportedOpset, new OnnxModelBuilder(5).Input("x", 1).Node("Relu", "x", "y").Output("y").AssertRefused("OM1002").Code);
        OnnxModelBuilder without = new OnnxModelBuilder().Input("x", 1).Node("Relu", "x", "y").Output("y");
        without.Model.OpsetImport.Clear();
        without.AssertRefused(DiagnosticCodes.UnsupportedOpset);
    }

    [Fact]
    public void Newer_operator_sets_import_with_a_warning()
        => Assert.Equal(DiagnosticCodes.NewerOpset, Assert.Single(new OnnxModelBuilder(99).Input("x", 1).Node("Relu", "x", "y").Output("y").Import().Warnings).Code);

    [Fact]
    public void An_output_that_differs_from_its_declaration_is_a_warning()
        => Assert.Equal(DiagnosticCodes.DeclaredTypeDiffers, Assert.Single(new OnnxModelBuilder().Input("x", 1, 2).Node("Relu", "x", "y").Output("y", 1, 3).Import().Warnings).Code);

    [Fact]
    public void An_attribute_of_another_type_is_refused()
        => Assert.Contains("'axis'", new OnnxModelBuilder().Input("x", 1, 2).Node("Flatten", "x", "y", ("axis", 1f)).Output("y").AssertRefused(DiagnosticCodes.InvalidNode).Message, StringComparison.Ordinal);

    [Fact]
    public void An_attribute_without_a_type_is_read_by_its_field()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 1, 2, 3).Node("Flatten", "x", "y", ("axis", 2)).Output("y");
        builder.Graph.Node[0].Attribute[0].ClearType();
        Assert.Equal(2, builder.Import().Graph.Outputs[0].Shape[0]);
    }

    [Fact]
    public void A_missing_input_is_refused()
        => new OnnxModelBuilder().Input("x", 1).Node("Add", "x _", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);

    [Fact]
    public void Elements_that_are_not_numbers_are_refused_at_the_input()
        => new OnnxModelBuilder().Input("x", TensorProto.Types.DataType.String, 1).Node("Identity", "x", "y").Output("y").AssertRefused(DiagnosticCodes.UnsupportedElementType);
}
