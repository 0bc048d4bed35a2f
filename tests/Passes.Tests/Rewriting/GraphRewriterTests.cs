using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Rewriting;

public sealed class GraphRewriterTests
{
    [Fact]
    public void Where_no_rule_matches_the_graph_is_the_same_instance()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(2)]));

        Assert.Same(graph, GraphRewriter.Apply(graph, [new Rule((_, _) => null)]));
    }

    [Fact]
    public void The_first_rule_that_matches_wins()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Image(2)], "y"));

        Graph result = GraphRewriter.Apply(graph, [Redefine(new Clip(0, 1)), Redefine(new Clip(0, 2))]);

        Assert.Equal(new Clip(0, 1), result.Nodes.Single().Operation);
    }

    [Fact]
    public void New_values_get_new_names_even_where_a_later_value_has_the_wanted_one()
    {
        Graph graph = Build(b => b.Add(new Clip(0, 1), [b.Add(new Relu(), [b.Image(2)], "first")], "second"));
        Rule split = new((node, g) => node.Operation is Relu
            ? g.Define(node.Output, new Clip(0, 2), [g.Add(new Relu(), node.Inputs, "second", "relu1")], node.Name)
            : null);

        Graph result = GraphRewriter.Apply(graph, [split]);

        Assert.Equal(["second_1", "first", "second"], result.Nodes.Select(n => n.Output.Name));
        Assert.Equal(["relu1", "first", "second"], result.Nodes.Select(n => n.Name));
    }

    [Fact]
    public void Readers_of_a_replaced_value_count_as_readers_of_its_replacement()
    {
        // Dropping the identity leaves the ReLU with two readers, so nothing may be folded into it.
        Graph graph = Build(b =>
        {
            Value relu = b.Add(new Relu(), [b.Image(2)]);
            Value identity = b.Add(new Identity(), [relu]);
            return [b.Add(new Clip(0, 1), [identity], "first"), b.Add(new Clip(0, 2), [identity], "second")];
        });
        List<bool> single = [];
        Rule drop = new((node, _) => node.Operation is Identity ? node.Inputs[0] : null);
        Rule look = new((node, g) =>
        {
            if (node.Operation is Clip)
                single.Add(g.HasOneUse(node.Inputs[0]));
            return null;
        });

        GraphRewriter.Apply(graph, [drop, look]);

        Assert.Equal([false, false], single);
    }

    [Fact]
    public void A_rewrite_must_keep_the_type()
    {
        Graph graph = Build(b => b.Add(new Relu(), [b.Add(new Relu(), [b.Image(2)])]));
        Value other = new("other", TensorType.Float(3));

        Assert.Throws<InvalidOperationException>(() => GraphRewriter.Apply(graph, [Redefine(new Reshape(new Shape(2, 1)))]));
        Assert.Throws<InvalidOperationException>(() => GraphRewriter.Apply(graph, [new Rule((_, _) => other)]));
    }

    private static Rule Redefine(Operation operation)
        => new((node, graph) => graph.Define(node.Output, operation, node.Inputs, node.Name));

    private sealed class Rule(Func<Node, GraphRewriter, Value?> rewrite) : IRewriteRule
    {
        public Value? Rewrite(Node node, GraphRewriter graph) => rewrite(node, graph);
    }
}
