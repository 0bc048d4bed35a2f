using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

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

    [Theory]
    [InlineData("Max", new float[] { 3, 5 })]
    [InlineData("Min", new float[] { 1, 2 })]
    [InlineData("Mean", new float[] { 2, 3 })]
    [InlineData("Sum", new float[] { 6, 9 })]
    public void Any_number_of_operands_is_folded(string operatorType, float[] expected)
        => Assert.Equal(expected, new OnnxModelBuilder().Input("x", 2).Floats("a", [2], 2, 5).Floats("b", [1], 3).Node(operatorType, "x a b", "y").Output("y").Run(1, operatorType is "Min" ? 2 : 1).Floats);

    [Theory]
    [InlineData("Max", "x zero", 0, float.PositiveInfinity)]
    [InlineData("Min", "zero x", float.NegativeInfinity, 0)]
    public void An_extreme_with_a_number_is_a_clip(string operatorType, string inputs, float minimum, float maximum)
        => Assert.Equal(new Clip(minimum, maximum), Assert.Single(new OnnxModelBuilder().Input("x", 2).Floats("zero", [1], 0).Node(operatorType, inputs, "y").Output("y").Import().Graph.Nodes).Operation);

    [Theory]
    [InlineData((int)DataType.Float, (int)DataType.Int64)]
    [InlineData((int)DataType.Int64, (int)DataType.Float)]
    [InlineData((int)DataType.Int64, (int)DataType.Int32)]
    public void A_power_has_the_type_of_its_base(int number, int exponent)
    {
        Graph graph = new OnnxModelBuilder().Input("x", (DataType)number, 1).Input("e", (DataType)exponent, 1).Node("Pow", "x e", "y").Output("y").Import().Graph;
        Assert.Equal([8L], Integers(FloatInterpreter.Run(graph, [Number(graph.Inputs[0].Type, 2), Number(graph.Inputs[1].Type, 3)])[0]));
        Assert.Equal(graph.Inputs[0].Type, graph.Outputs[0].Type);
    }

    [Theory]
    [InlineData(0, 2f)]
    [InlineData(1, -1f)]
    public void Fmod_chooses_the_sign_of_a_remainder(int fmod, float expected)
        => Assert.Equal([expected], new OnnxModelBuilder().Input("x", 1).Floats("c", [1], 3).Node("Mod", "x c", "y", ("fmod", fmod)).Output("y").Run(-7).Floats);

    private static Tensor Number(TensorType type, int value) => type.IsFloat ? Tensor.FromFloats(type, [value]) : Tensor.FromIntegers(type, [value]);

    private static long[] Integers(Tensor tensor) => tensor.Type.IsFloat ? [.. tensor.Floats.ToArray().Select(v => (long)v)] : tensor.Integers.ToArray();
}
