using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class OutputTests
{
    [Theory]
    [InlineData(12, null, 1, true)]
    [InlineData(12, 2, 2, false)]
    [InlineData(13, null, 2, false)]
    [InlineData(13, 1, 1, false)]
    public void Softmax_normalises_what_its_version_says(int opset, int? axis, int expectedAxis, bool expectedFlatten)
    {
        (string, object)[] attributes = axis is { } a ? [("axis", a)] : [];
        Graph graph = new OnnxModelBuilder(opset).Input("x", 1, 2, 3).Node("Softmax", "x", "y", attributes).Output("y").Import().Graph;
        Assert.Equal(new Softmax(expectedAxis, expectedFlatten), graph.Nodes[0].Operation);
    }

    [Fact]
    public void ArgMax_keeps_its_attributes()
    {
        Graph graph = new OnnxModelBuilder().Input("x", 1, 10).Node("ArgMax", "x", "y", ("axis", -1), ("keepdims", 0), ("select_last_index", 1)).Output("y").Import().Graph;
        Assert.Equal(new ArgMax(1, KeepDimensions: false, SelectLast: true), graph.Nodes[0].Operation);
        Assert.Equal(new TensorType(ElementType.Int64, new Shape(1)), graph.Outputs[0].Type);
    }
}
