using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Exact;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Exact;

public sealed class ReluMergeTests
{
    [Fact]
    public void Branches_with_the_same_activation_are_activated_together()
    {
        Graph graph = Branches(new Relu(), new Relu());

        Graph result = Run(new ReluMerge(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("abs concat relu", GraphAssert.Operations(result).Replace("tanh ", "", StringComparison.Ordinal));
        Assert.Equal(SignDecisions.Count(graph), SignDecisions.Count(result));
    }

    [Fact]
    public void Branches_with_different_activations_or_other_readers_stay()
    {
        Graph shared = Build(b =>
        {
            Value left = b.Add(new Relu(), [b.Image(1, 2, 4, 4)]), right = b.Add(new Relu(), [b.Add(new Unary(UnaryKind.Tanh), [left])]);
            return [b.Add(new Concat(1), [left, right])];
        });

        Assert.All([shared, Branches(new Relu(), new Clip(0, 6)), Branches(new Sigmoid(), new Sigmoid())], g => Assert.Same(g, Run(new ReluMerge(), g)));
    }

    private static Graph Branches(Operation left, Operation right) => Build(b =>
    {
        Value x = b.Image(1, 2, 4, 4);
        Value first = b.Add(left, [b.Add(new Unary(UnaryKind.Tanh), [x])]), second = b.Add(right, [b.Add(new Unary(UnaryKind.Abs), [x])]);
        return b.Add(new Concat(1), [first, second], "y");
    });
}
