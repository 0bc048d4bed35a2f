using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class FloatInterpreterTests
{
    [Fact]
    public void Every_operation_of_the_IR_is_applied_in_these_tests()
    {
        IEnumerable<Type> all = typeof(Operation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract);

        Assert.Equal(all.Order(ByName), OperationApplications.All.Select(row => row[0].GetType()).Distinct().Order(ByName));
    }

    [Theory]
    [MemberData(nameof(OperationApplications.All), MemberType = typeof(OperationApplications))]
    public void Every_operation_has_a_kernel_that_gives_the_inferred_type(Operation operation, Tensor[] inputs)
        => Assert.Equal(operation.InferType([.. inputs.Select(t => t.Type)]), FloatInterpreter.Evaluate(operation, inputs).Type);

    [Fact]
    public void A_graph_gives_its_outputs_in_order()
    {
        (Graph graph, Tensor x) = Diamond();

        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(graph, [x]);

        AssertClose([-2, 4], outputs[0]);
        AssertClose([-2, 6], outputs[1]);
        AssertClose([-2, 4], outputs[2]);
    }

    [Fact]
    public void The_observer_sees_every_value_once_in_graph_order()
    {
        (Graph graph, Tensor x) = Diamond();
        List<string> seen = [];

        FloatInterpreter.Run(graph, [x], (value, tensor) =>
        {
            Assert.Equal(value.Type, tensor.Type);
            seen.Add(value.Name);
        });

        Assert.Equal(["x", "two", "doubled", "positive", "unused", "sum"], seen);
    }

    [Fact]
    public void An_input_may_be_an_output()
    {
        GraphBuilder builder = new("g");
        Value x = builder.Input("x", TensorType.Float(2));
        builder.Output(x);

        AssertClose([0, 1], FloatInterpreter.Run(builder.Build(), [Range(2)])[0]);
    }

    [Fact]
    public void Wrong_inputs_are_refused()
    {
        (Graph graph, _) = Diamond();

        Assert.Throws<GraphException>(() => FloatInterpreter.Run(graph, []));
        Assert.Contains("'x'", Assert.Throws<GraphException>(() => FloatInterpreter.Run(graph, [Range(3)])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_names_its_node()
    {
        GraphBuilder builder = new("g");
        Value index = builder.Input("index", new TensorType(ElementType.Int64, new Shape(1)));
        builder.Output(builder.Add(new Gather(0), [builder.Constant(Range(2)), index], nodeName: "pick"));

        GraphException e = Assert.Throws<GraphException>(() => FloatInterpreter.Run(builder.Build(), [Tensor.FromInt64(2)]));

        Assert.Contains("'pick' (gather)", e.Message, StringComparison.Ordinal);
    }

    private static Comparer<Type> ByName => Comparer<Type>.Create((a, b) => string.CompareOrdinal(a.Name, b.Name));

    private static (Graph Graph, Tensor Input) Diamond()
    {
        GraphBuilder builder = new("diamond");
        Value x = builder.Input("x", TensorType.Float(2));
        Value two = builder.Constant(Tensor.Scalar(2), "two");
        Value doubled = builder.Add(new Binary(BinaryKind.Mul), [x, two], "doubled");
        Value positive = builder.Add(new Relu(), [x], "positive");
        builder.Add(new Relu(), [doubled], "unused");
        Value sum = builder.Add(new Binary(BinaryKind.Add), [doubled, positive], "sum");
        builder.Output(doubled);
        builder.Output(sum);
        builder.Output(doubled);
        return (builder.Build(), F([2], -1, 2));
    }
}
