using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class DropIdentityTests
{
    public static TheoryData<Operation> Identities =>
    [
        new Identity(),
        new Dropout(),
        new Reshape(new Shape(1, 3, 4)),
        new Transpose(new IntVector(0, 1, 2)),
        new Cast(ElementType.Float32),
        new Concat(1),
        new Pad(IntVector.Repeat(0, 6), 5),
        new Slice(IntVector.Repeat(0, 3), new IntVector(1, 3, 4), IntVector.Repeat(1, 3)),
        new Clip(float.NegativeInfinity, float.PositiveInfinity),
    ];

    public static TheoryData<Operation> Others =>
    [
        new Reshape(new Shape(3, 4)),
        new Clip(0, float.PositiveInfinity),
        new Pad(new IntVector(0, 0, 0, 0, 0, 1)),
        new Cast(ElementType.Float64),
        new Slice(new IntVector(0, 2, 0), new IntVector(1, 3, 4), new IntVector(1, -1, 1)),
    ];

    [Theory]
    [MemberData(nameof(Identities))]
    public void What_returns_its_input_goes(Operation operation)
        => Assert.Equal("relu relu", GraphAssert.Operations(RunBetweenRelus(operation)));

    [Theory]
    [MemberData(nameof(Others))]
    public void What_changes_its_input_stays(Operation operation)
        => Assert.Equal($"relu {operation.Name} relu", GraphAssert.Operations(RunBetweenRelus(operation)));

    [Fact]
    public void Transposes_that_undo_each_other_go_with_what_lies_between_in_the_original_order()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Add(new Relu(), [b.Image(2, 3, 4, 5)]);
            Value t = b.Add(new Transpose(new IntVector(0, 2, 3, 1)), [x]);
            Value sum = b.Add(new Binary(BinaryKind.Add), [t, b.Weights("bias", 3)]);
            Value product = b.Add(new Binary(BinaryKind.Mul), [b.Weights("mask", 4, 5, 3), sum]);
            Value pad = b.Add(new Pad(new IntVector(0, 1, 2, 3, 0, 0, 0, 1), 2), [b.Add(new Relu(), [product])]);
            Value joined = b.Add(new Concat(3), [pad, b.Add(new Transpose(new IntVector(0, 2, 3, 1)), [b.Add(new Clip(0, 1), [b.Input("z", TensorType.Float(2, 2, 5, 7))])])]);
            return b.Add(new Transpose(new IntVector(0, 3, 1, 2)), [joined], "y");
        });

        Graph result = Run(new DropIdentity(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.DoesNotContain(result.Nodes, n => n.Operation is Transpose);
    }

    [Fact]
    public void Two_transposes_in_a_row_become_one()
    {
        Graph graph = Build(b => b.Add(new Transpose(new IntVector(1, 2, 0)), [b.Add(new Transpose(new IntVector(0, 2, 1)), [b.Image(2, 3, 4)])], "y"));

        Graph result = Run(new DropIdentity(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal(new Transpose(new IntVector(2, 1, 0)), Assert.Single(result.Nodes).Operation);
    }

    [Fact]
    public void A_transpose_that_others_read_stays_where_it_is()
    {
        Graph graph = Build(b =>
        {
            Value t = b.Add(new Transpose(new IntVector(1, 0)), [b.Image(2, 3)], "t");
            return [b.Add(new Relu(), [t], "y"), t];
        });

        Assert.Same(graph, Run(new DropIdentity(), graph));
    }

    [Fact]
    public void A_transpose_that_moves_only_axes_of_one_element_goes()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Add(new Transpose(new IntVector(2, 1, 0)), [b.Image(1, 3, 1)])], "y"));

        Assert.Equal("relu", GraphAssert.Operations(Run(new DropIdentity(), graph)));
    }

    [Fact]
    public void An_output_keeps_its_name_by_taking_over_its_producer()
    {
        Graph graph = Build(b =>
        {
            Value hidden = b.Add(new Relu(), [b.Image(2)], "hidden", "relu1");
            Value user = b.Add(new Clip(0, 1), [hidden], "user");
            return [b.Add(new Identity(), [hidden], "y"), user];
        });

        Graph result = Run(new DropIdentity(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("relu clip", GraphAssert.Operations(result));
        Assert.Equal(("relu1", "y"), (result.Nodes[0].Name, result.Nodes[0].Output.Name));
    }

    [Fact]
    public void An_identity_stays_where_both_its_names_are_the_graphs_own()
    {
        Graph input = Build(b => b.Add(new Identity(), [b.Image(2)], "y"));
        Graph outputs = Build(b =>
        {
            Value hidden = b.Add(new Relu(), [b.Image(2)], "first");
            return [hidden, b.Add(new Identity(), [hidden], "second")];
        });

        Assert.Same(input, Run(new DropIdentity(), input));
        Assert.Same(outputs, Run(new DropIdentity(), outputs));
    }

    [Fact]
    public void Of_two_outputs_with_one_producer_the_first_takes_it_over()
    {
        Graph graph = Build(b =>
        {
            Value hidden = b.Add(new Relu(), [b.Image(2)], "hidden");
            return [b.Add(new Identity(), [hidden], "first"), b.Add(new Dropout(), [hidden], "second")];
        });

        Graph result = Run(new DropIdentity(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("relu identity", GraphAssert.Operations(result));
    }

    [Fact]
    public void An_output_that_is_an_input_or_a_constant_survives()
    {
        Graph graph = Build(b => [b.Image(2), b.Constant(Elements(2), "c"), b.Add(new Identity(), [b.Constant(Elements(3), "d")], "e")]);

        Graph result = PassPipeline.Canonicalize(graph);

        GraphAssert.SameFunction(graph, result);
    }

    private static Graph RunBetweenRelus(Operation operation)
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Add(operation, [b.Add(new Relu(), [b.Image(1, 3, 4)])])], "y"));
        Graph result = Run(new DropIdentity(), graph);
        GraphAssert.SameFunction(graph, result);
        return result;
    }
}
