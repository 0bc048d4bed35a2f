using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.IR.Tests.TestTensors;

namespace PrivateInference.IR.Tests.Execution;

public sealed class FloatInterpreterTests
{
    /// <summary>One application of every operation.</summary>
    public static TheoryData<Operation, Tensor[]> Applications => new()
    {
        { new Constant(Range(2)), [] },
        { new Identity(), [Range(2)] },
        { new Dropout(), [Range(2)] },
        { new Conv(SpatialWindow.Create([1])), [Range(1, 1, 2), Range(1, 1, 1)] },
        { new MatMul(), [Range(2, 2), Range(2, 2)] },
        { new MaxPool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new AveragePool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new BatchNormalization(1), [Range(1, 1), Range(1), Range(1), Range(1), Range(1)] },
        { new Softmax(0), [Range(2)] },
        { new ArgMax(0), [Range(2)] },
        { new MaxPoolIndices(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new LpPool(SpatialWindow.Create([2])), [Range(1, 1, 2)] },
        { new LayerNormalization(1, 1), [Range(1, 2), Range(2), Range(1, 1)] },
        { new LocalResponseNormalization(3, 1, 1, 1), [Range(1, 2)] },
        { new LpNormalization(0, 2), [Range(2)] },
        { new LogSoftmax(0), [Range(2)] },
        { new Hardmax(0), [Range(2)] },
        { new TopK(0, 1), [Range(2)] },
        { new CumSum(0), [Range(2)] },
        { new Reduce(ReduceKind.Sum, new IntVector(0)), [Range(2)] },
        { new QuantizeLinear(ElementType.Int8), [Range(2), Tensor.Scalar(1), Typed(ElementType.Int8, 1)] },
        { new DequantizeLinear(), [I([2], 1, 2), Tensor.Scalar(1), I([], 1)] },
        { new Binary(BinaryKind.Add), [Range(2), Range(2)] },
        { new Unary(UnaryKind.Exp), [Range(2)] },
        { new LeakyRelu(0.1f), [Range(2)] },
        { new PRelu(), [Range(2), Range(2)] },
        { new Elu(1), [Range(2)] },
        { new ThresholdedRelu(1), [Range(2)] },
        { new Shrink(1, 0), [Range(2)] },
        { new HardSigmoid(1, 0), [Range(2)] },
        { new HardSwish(), [Range(2)] },
        { new Sigmoid(), [Range(2)] },
        { new Gelu(), [Range(2)] },
        { new Compare(CompareKind.Less), [Range(2), Range(2)] },
        { new Logical(LogicalKind.And), [Typed(ElementType.Bool, 0, 1), Typed(ElementType.Bool, 1)] },
        { new Where(), [Typed(ElementType.Bool, 0, 1), Range(2), Range(2)] },
        { new Relu(), [Range(2)] },
        { new DRelu(), [Range(2)] },
        { new RandomFlip(0.5f), [Range(2)] },
        { new Polynomial(0), [Range(2), Range(2, 3)] },
        { new Clip(0, 1), [Range(2)] },
        { new Cast(ElementType.Int32), [Range(2)] },
        { new Reshape(new Shape(1, 2)), [Range(2)] },
        { new Transpose(new IntVector(1, 0)), [Range(2, 2)] },
        { new Slice(new IntVector(0), new IntVector(1), new IntVector(1)), [Range(2)] },
        { new Pad(new IntVector(1, 1)), [Range(2)] },
        { new Concat(0), [Range(2), Range(2)] },
        { new Gather(0), [Range(2), Tensor.FromInt64(1)] },
    };

    [Fact]
    public void Every_operation_of_the_IR_is_applied_in_these_tests()
    {
        IEnumerable<Type> all = typeof(Operation).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Operation)) && !t.IsAbstract);

        Assert.Equal(all.Order(ByName), Applications.Select(row => row[0].GetType()).Distinct().Order(ByName));
    }

    [Theory]
    [MemberData(nameof(Applications))]
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
