using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class FoldConstantsTests
{
    [Fact]
    public void A_chain_of_constants_becomes_one_under_the_last_name()
    {
        Graph graph = Build(b =>
        {
            Value sum = b.Add(new Binary(BinaryKind.Add), [b.Constant(Tensor.Scalar(1), "one"), b.Constant(Tensor.Scalar(2), "two")], "sum");
            return b.Add(new Binary(BinaryKind.Mul), [sum, sum], "square", "squaring");
        });

        Node node = Assert.Single(Run(new FoldConstants(PassArguments.None), graph).Nodes);

        Assert.Equal(("square", "squaring"), (node.Output.Name, node.Name));
        Assert.Equal(9, Assert.IsType<Constant>(node.Operation).Tensor.Floats[0]);
    }

    [Fact]
    public void A_result_above_the_limit_stays_computed()
    {
        Graph graph = Build(b => b.Add(new Pad(new IntVector(0, 3)), [b.Constant(Elements(1))], "padded"));
        PassRegistry registry = PassRegistry.Default;

        Assert.Same(graph, Run(registry.Create("fold-constants", Arguments("max-elements", "3")), graph));
        Assert.NotSame(graph, Run(registry.Create("fold-constants", Arguments("max-elements", "4")), graph));
    }

    [Fact]
    public void Arithmetic_without_a_result_is_refused_by_the_nodes_name()
    {
        Graph graph = Build(b => b.Add(new Gather(0), [b.Constant(Elements(2)), b.Constant(Tensor.FromInt64(5))], nodeName: "pick"));

        GraphException e = Assert.Throws<GraphException>(() => Run(new FoldConstants(PassArguments.None), graph));

        Assert.Contains("'pick'", e.Message, StringComparison.Ordinal);
    }
}
