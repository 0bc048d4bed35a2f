using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class RecognizeActivationsTests
{
    private static readonly Binary s_add = new(BinaryKind.Add), s_multiply = new(BinaryKind.Mul);

    [Theory]
    [InlineData(CompareKind.GreaterOrEqual, false, 0f, true)]
    [InlineData(CompareKind.LessOrEqual, true, 0f, true)]
    [InlineData(CompareKind.GreaterOrEqual, true, 0f, false)]
    [InlineData(CompareKind.Greater, false, 0f, false)]
    [InlineData(CompareKind.GreaterOrEqual, false, 1f, false)]
    public void A_comparison_with_zero_that_becomes_a_number_is_a_sign_decision(CompareKind kind, bool zeroFirst, float bound, bool recognized)
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 2, 3, 3), zero = b.Constant(Tensor.FromFloats(new Shape(1), [bound]), "bound");
            return b.Add(new Cast(ElementType.Float32), [b.Add(new Compare(kind), zeroFirst ? [zero, x] : [x, zero])], "y", "sign");
        });
        Graph result = Recognize(graph);
        Assert.Equal(recognized, result.Producer(result.Outputs[0]) is { Operation: DRelu, Name: "sign" });
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 3)]
    [InlineData(4, 1)]
    [InlineData(8, 3)]
    public void Horners_rule_is_a_polynomial(int degree, int channels)
    {
        Graph graph = Build(b => Horner(b, b.Image(2, 3, 4, 4), [.. Enumerable.Range(0, degree + 1).Select(k => b.Weights($"c{k}", channels, 1, 1))]));
        Graph result = new DeadCode().Run(Recognize(graph), PassContext.Default);
        Node polynomial = Assert.Single(result.Nodes, n => n.Operation is not Constant);
        Assert.Equal(new Polynomial(1), polynomial.Operation);
        Assert.Equal(new Shape(channels, degree + 1), polynomial.Inputs[1].Shape);
    }

    [Fact]
    public void Coefficients_of_one_power_may_be_shared_where_those_of_others_differ()
    {
        Graph graph = Build(b => Horner(b, b.Image(2, 3, 4, 4), [b.Weights("c0", 3, 1, 1), b.Weights("c1", 1), b.Weights("c2", 1, 3, 1, 1)]));
        Assert.Contains(Recognize(graph).Nodes, n => n.Operation is Polynomial);
    }

    public static TheoryData<string, Func<GraphBuilder, Value>> Others => new()
    {
        { "a line", b => Horner(b, b.Image(1, 3, 4, 4), [b.Weights("c0", 3, 1, 1), b.Weights("c1", 3, 1, 1)]) },
        { "a power too many", b => Horner(b, b.Image(1, 1, 2, 2), [.. Enumerable.Range(0, 10).Select(k => b.Weights($"c{k}", 1))]) },
        { "coefficients of each element", b => Horner(b, b.Image(1, 3, 4, 4), [b.Weights("c0", 3, 1, 1), b.Weights("c1", 3, 4, 4), b.Weights("c2", 3, 1, 1)]) },
        { "coefficients along two axes", b => Horner(b, b.Image(1, 3, 4, 3), [b.Weights("c0", 3, 1, 1), b.Weights("c1", 3), b.Weights("c2", 3, 1, 1)]) },
        { "a product with another value", b => OfTwo(b, b.Image(1, 3, 4, 4), b.Input("other", TensorType.Float(1, 3, 4, 4))) },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Anything_else_keeps_its_function(string what, Func<GraphBuilder, Value> body)
    {
        Graph graph = Build(body), result = Recognize(graph);
        GraphAssert.SameFunction(graph, result, tolerance: 1e-4f);
        Assert.False(result.Producer(result.Outputs[0])!.Operation is Polynomial, what);
    }

    [Fact]
    public void A_partial_sum_that_is_read_elsewhere_stays()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 3, 4, 4), line = b.Add(s_add, [b.Add(s_multiply, [x, b.Weights("a", 3, 1, 1)]), b.Weights("b", 3, 1, 1)]);
            return [b.Add(s_add, [b.Add(s_multiply, [line, x]), b.Weights("c", 3, 1, 1)]), line];
        });
        Assert.Same(graph, Recognize(graph));
    }

    private static Value Horner(GraphBuilder builder, Value x, Value[] coefficients)
    {
        Value sum = coefficients[^1];
        for (int k = coefficients.Length - 2; k >= 0; k--)
        {
            Value product = builder.Add(s_multiply, k % 2 == 0 ? [sum, x] : [x, sum]);
            sum = builder.Add(s_add, k % 3 == 0 ? [product, coefficients[k]] : [coefficients[k], product]);
        }

        return sum;
    }

    private static Value OfTwo(GraphBuilder builder, Value x, Value other)
    {
        Value line = builder.Add(s_add, [builder.Add(s_multiply, [x, builder.Weights("c2", 3, 1, 1)]), builder.Weights("c1", 3, 1, 1)]);
        return builder.Add(s_add, [builder.Add(s_multiply, [line, other]), builder.Weights("c0", 3, 1, 1)]);
    }

    private static Graph Recognize(Graph graph)
    {
        Graph result = Run(new RecognizeActivations(), graph);
        GraphAssert.SameFunction(graph, result, tolerance: 1e-4f);
        return result;
    }
}
