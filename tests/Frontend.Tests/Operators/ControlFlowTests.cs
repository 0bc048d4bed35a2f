using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.Frontend.Tests.Fuzzing;
using PrivateInference.IR.Operations;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Operators;

public class ControlFlowTests
{
    [Theory]
    [InlineData(1, new[] { 0f, 3 })]
    [InlineData(0, new[] { 0f, 2 })]
    public void A_branch_is_chosen_and_sees_the_values_around_it(byte condition, float[] expected)
    {
        GraphProto yes = new OnnxModelBuilder().Floats("one", [1], 1).Node("Add", "r one", "y").Output("y").Graph, no = new OnnxModelBuilder().Node("Identity", "r", "y").Output("y").Graph;
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("x", 2).Initializer(OnnxModelBuilder.Raw("c", DataType.Bool, [], condition))
            .Node("Relu", "x", "r").Node("If", "c", "z", ("then_branch", yes), ("else_branch", no)).Output("z");
        Assert.Equal(condition == 1 ? [1f, 3f] : expected, builder.Run(-5, 2).Floats);
    }

    [Fact]
    public void A_loop_unrolls_with_its_carried_and_collected_values()
    {
        OnnxModelBuilder builder = Loop(3);
        Assert.Equal([3f, 4f], builder.Run(0, 1).Floats);
        Assert.DoesNotContain(builder.Import().Graph.Nodes, n => n.Operation is Cast);
    }

    [Fact]
    public void An_endless_loop_is_refused()
        => Assert.Contains(Loop(long.MaxValue).Errors(new ImportOptions { MaxInlinedNodes = 1000 }), e => e.Code == DiagnosticCodes.TooLarge);

    [Fact]
    public void A_condition_that_depends_on_the_input_is_refused()
    {
        GraphProto branch = new OnnxModelBuilder().Node("Identity", "x", "y").Output("y").Graph;
        new OnnxModelBuilder().Input("x", 1).Input("c", DataType.Bool, 1).Node("If", "c", "z", ("then_branch", branch), ("else_branch", branch)).Output("z").AssertRefused(DiagnosticCodes.NotConstant);
    }

    [Fact]
    public void Problems_inside_a_branch_are_reported_once_with_their_place()
    {
        GraphProto branch = new OnnxModelBuilder().NamedNode("bad", "LSTM", "x", "y").Output("y").Graph;
        Diagnostic error = new OnnxModelBuilder().Input("x", 1).Initializer(OnnxModelBuilder.Raw("c", DataType.Bool, [], 1))
            .NamedNode("choice", "If", "c", "z", ("then_branch", branch), ("else_branch", branch)).Output("z").AssertRefused(DiagnosticCodes.UnsupportedOperator);
        Assert.Equal("choice/then/bad", error.NodeName);
    }

    [Fact]
    public void Functions_are_inlined_with_their_attributes()
    {
        OnnxModelBuilder builder = SeedModels.Function();
        Assert.Equal([0.5f * ((1 * 1) + (3 * 3))], builder.Run(1, -2, 3, -4).Floats);
    }

    [Fact]
    public void A_function_that_calls_itself_is_refused()
    {
        OnnxModelBuilder builder = SeedModels.Function();
        builder.Model.Functions[0].Node.Add(new NodeProto { OpType = "Outer", Domain = "my" });
        Assert.Throws<ModelFormatException>(() => builder.Import());
    }

    [Fact]
    public void Sequences_fold_away()
        => Assert.Equal(
            [5f, 6, 1, 2],
            new OnnxModelBuilder().Input("x", 3, 2).IntegerScalar("first", 0).IntegerScalar("last", -1).Node("SplitToSequence", "x", "s", ("axis", 0))
                .Node("SequenceAt", "s first", "a").Node("SequenceAt", "s last", "b").Node("SequenceConstruct", "b a", "t").Node("ConcatFromSequence", "t", "y", ("axis", 0)).Output("y").Run(1, 2, 3, 4, 5, 6).Floats);

    private static OnnxModelBuilder Loop(long trips)
    {
        OnnxModelBuilder body = new OnnxModelBuilder().Input("i", DataType.Int64).Input("go", DataType.Bool).Input("v", 2)
            .Node("Cast", "i", "f", ("to", (int)DataType.Float)).Node("Add", "v f", "w").Node("Identity", "go", "go2").Output("go2").Output("w");
        return new OnnxModelBuilder().Input("x", 2).IntegerScalar("n", trips).Node("Loop", "n _ x", "y", ("body", body.Graph)).Output("y");
    }
}
