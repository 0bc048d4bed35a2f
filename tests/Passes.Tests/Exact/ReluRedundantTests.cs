using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Exact;

public sealed class ReluRedundantTests
{
    private static readonly Func<GraphBuilder, Value, Value>[] NonNegative =
    [
        (b, x) => b.Add(new Relu(), [x]),
        (b, x) => b.Add(new Sigmoid(), [x]),
        (b, x) => b.Add(new Softmax(1), [x]),
        (b, x) => b.Add(new Unary(UnaryKind.Abs), [x]),
        (b, x) => b.Add(new Clip(0, 6), [x]),
        (b, x) => b.Add(new Binary(BinaryKind.Mul), [x, x]),
        (b, x) => b.Add(new AveragePool(SpatialWindow.Create([2, 2], pad: 1)), [b.Add(new Relu(), [x])]),
        (b, x) => b.Add(new MaxPool(SpatialWindow.Create([2, 2], pad: 1)), [b.Add(new Relu(), [x])]),
        (b, x) => b.Add(new Binary(BinaryKind.Add), [b.Add(new Relu(), [x]), b.Add(new Sigmoid(), [x])]),
        (b, x) => b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Add(new Relu(), [x]), b.Weights("w", 3, 2, 1, 1), b.Weights("bias", 3)]),
        (b, x) => b.Add(new Concat(1), [b.Add(new Relu(), [x]), b.Add(new Sigmoid(), [x])]),
        (b, x) => b.Add(new Reduce(ReduceKind.SumSquare, new IntVector(2, 3)), [x]),
    ];

    private static readonly Func<GraphBuilder, Value, Value>[] AnySign =
    [
        (b, x) => b.Add(new Unary(UnaryKind.Tanh), [x]),
        (b, x) => b.Add(new Unary(UnaryKind.Neg), [b.Add(new Relu(), [x])]),
        (b, x) => b.Add(new Pad(new IntVector(0, 0, 1, 1, 0, 0, 1, 1), Value: -1), [b.Add(new Relu(), [x])]),
        (b, x) => b.Add(new Binary(BinaryKind.Sub), [b.Add(new Relu(), [x]), b.Add(new Sigmoid(), [x])]),
        (b, x) => b.Add(new Binary(BinaryKind.Add), [b.Add(new Relu(), [x]), x]),
        (b, x) => b.Add(new LeakyRelu(0.1f), [x]),
        (b, x) => b.Add(new Conv(SpatialWindow.Create([1, 1])), [x, b.Weights("w", 3, 2, 1, 1)]),

        // A window in the padding alone has the lowest number.
        (b, x) => b.Add(new MaxPool(SpatialWindow.Create([1, 1], pad: 1)), [b.Add(new Relu(), [x])]),
    ];

    [Fact]
    public void A_ReLU_of_what_cannot_be_negative_goes()
    {
        foreach (Func<GraphBuilder, Value, Value> producer in NonNegative)
        {
            Graph graph = Build(b => b.Add(new Relu(), [producer(b, b.Image(1, 2, 4, 4))], "y", "redundant"));

            Graph result = Run(new ReluRedundant(), graph);

            GraphAssert.SameFunction(graph, result);
            Assert.True(SignDecisions.Count(result) < SignDecisions.Count(graph), GraphAssert.Operations(graph));
        }
    }

    [Fact]
    public void A_ReLU_of_what_may_be_negative_stays()
        => Assert.All(AnySign, producer =>
        {
            Graph graph = Build(b => b.Add(new Relu(), [producer(b, b.Image(1, 2, 4, 4))]));
            Assert.Same(graph, Run(new ReluRedundant(), graph));
        });

    [Fact]
    public void Only_the_bounds_that_can_be_reached_remain()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(4), sigmoid = b.Add(new Sigmoid(), [x]);
            return [b.Add(new Clip(0, 6), [sigmoid]), b.Add(new Clip(0, 0.5f), [sigmoid]), b.Add(new Clip(0, 6), [b.Add(new Relu(), [x])])];
        });

        Graph result = Run(new ReluRedundant(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal([new Clip(float.NegativeInfinity, 0.5f), new Clip(float.NegativeInfinity, 6)], result.Nodes.Select(n => n.Operation).OfType<Clip>());
    }

    [Fact]
    public void A_declared_input_range_proves_more()
    {
        Graph graph = Build(b => b.Add(new Clip(0, 6), [b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Image(1, 2, 4, 4), b.Weights("w", 3, 2, 1, 1)])]));

        Graph result = new ReluRedundant().Run(graph, PassContext.Default with { InputRange = (0, 1) });

        Assert.Equal(0, SignDecisions.Count(result));
        Assert.Same(graph, Run(new ReluRedundant(), graph));
    }
}
