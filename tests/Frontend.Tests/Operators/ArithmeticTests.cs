using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Tests.Operators;

public class ArithmeticTests
{
    [Theory]
    [InlineData("Add", 8f)]
    [InlineData("Sub", 4f)]
    [InlineData("Mul", 12f)]
    [InlineData("Div", 3f)]
    public void Operands_keep_their_order(string operatorType, float expected)
        => Assert.Equal([expected], new OnnxModelBuilder().Input("x", 1).Floats("c", [1], 2).Node(operatorType, "x c", "y").Output("y").Run(6).Floats);

    [Fact]
    public void Operands_broadcast()
        => Assert.Equal(new Shape(1, 3, 2, 2), new OnnxModelBuilder().Input("x", 1, 3, 2, 2).Weights("c", 3, 1, 1).Node("Add", "x c", "y").Output("y").Import().Graph.Outputs[0].Shape);

    [Fact]
    public void Before_opset_7_an_axis_says_where_the_second_operand_starts()
    {
        Tensor result = new OnnxModelBuilder(6).Input("x", 1, 2, 1, 2).Floats("c", [2], 10, 20)
            .Node("Add", "x c", "y", ("broadcast", 1), ("axis", 1)).Output("y").Run(1, 2, 3, 4);
        Assert.Equal([11f, 12f, 23f, 24f], result.Floats);
    }

    [Fact]
    public void A_sum_becomes_additions()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 2).Floats("a", [2], 1, 2).Floats("b", [2], 10, 20).NamedNode("s", "Sum", "x a b", "y").Output("y");
        Graph graph = builder.Import().Graph;
        Assert.Equal(["s/1", "s"], graph.Nodes.Where(n => n.Operation is Binary).Select(n => n.Name));
        Assert.Equal("y", graph.Outputs[0].Name);
        Assert.Equal([111f, 122f], builder.Run(100, 100).Floats);
    }

    [Fact]
    public void A_sum_of_one_is_the_identity()
        => Assert.IsType<Identity>(new OnnxModelBuilder().Input("x", 2).Node("Sum", "x", "y").Output("y").Import().Graph.Nodes[0].Operation);

    [Fact]
    public void Shapes_that_do_not_broadcast_are_refused()
        => new OnnxModelBuilder().Input("x", 2).Weights("c", 3).Node("Mul", "x c", "y").Output("y").AssertRefused(DiagnosticCodes.InvalidNode);
}
