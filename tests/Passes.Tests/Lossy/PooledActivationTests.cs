using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Lossy;

/// <summary>Passes that make activations cheaper leave those that a max pool's circuit computes along with its comparisons.</summary>
public sealed class PooledActivationTests
{
    public static TheoryData<string> Passes => ["partial-activation:ratio=0.5", "relu-share:patch=2x2", "polynomial:degree=2,range=-1..1"];

    [Theory]
    [MemberData(nameof(Passes))]
    public void An_activation_before_or_behind_a_max_pool_is_left_with_a_reason(string pass)
    {
        foreach (bool before in (bool[])[true, false])
        {
            (Graph graph, List<string> notes) = Run(pass, Network(before));
            Assert.Contains(notes, n => n.StartsWith("beside is left", StringComparison.Ordinal) && n.Contains("max pool pool", StringComparison.Ordinal));
            Assert.Equal(new Relu(), graph.Nodes.Single(n => n.Output.Name == "beside").Operation);
            Assert.DoesNotContain(graph.Nodes, n => n.Output.Name == "far" && n.Operation is Relu);
        }
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void Whoever_names_layers_gets_them(string pass)
    {
        (Graph graph, List<string> notes) = Run(pass + ",layers=*", Network(before: true));
        Assert.DoesNotContain(notes, n => n.Contains("is left", StringComparison.Ordinal));
        Assert.DoesNotContain(graph.Nodes, n => n.Output.Name == "beside" && n.Operation is Relu);
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void An_activation_that_something_else_reads_as_well_is_decided_by_itself(string pass)
    {
        Graph graph = Build(b =>
        {
            Value relu = b.Add(new Relu(), [b.Image(1, 4, 8, 8)], "beside", "beside");
            return [b.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [relu], nodeName: "pool"), relu];
        });
        (Graph result, List<string> notes) = Run(pass, graph);
        Assert.DoesNotContain(notes, n => n.Contains("is left", StringComparison.Ordinal));
        Assert.NotSame(graph, result);
    }

    [Fact]
    public void A_polynomial_takes_the_place_of_a_function_without_a_circuit_wherever_it_is()
    {
        Graph graph = Build(b => b.Add(new MaxPool(SpatialWindow.Create([2, 2], stride: 2)), [b.Add(new Sigmoid(), [b.Image(1, 4, 8, 8)])]));
        Assert.DoesNotContain(Run("polynomial:degree=2,range=-1..1", graph).Graph.Nodes, n => n.Operation is Sigmoid);
    }

    private static Graph Network(bool before) => Build(b =>
    {
        Value x = b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Image(1, 1, 8, 8), b.Weights("w1", 4, 1, 1, 1)]);
        Operation pool = new MaxPool(SpatialWindow.Create([2, 2], stride: 2));
        x = before
            ? b.Add(pool, [b.Add(new Relu(), [x], "beside", "beside")], nodeName: "pool")
            : b.Add(new Relu(), [b.Add(pool, [x], nodeName: "pool")], "beside", "beside");
        x = b.Add(new Conv(SpatialWindow.Create([1, 1])), [x, b.Weights("w2", 4, 4, 1, 1)]);
        return b.Add(new Conv(SpatialWindow.Create([1, 1])), [b.Add(new Relu(), [x], "far", "far"), b.Weights("w3", 2, 4, 1, 1)]);
    });

    private static (Graph Graph, List<string> Notes) Run(string pass, Graph graph)
    {
        List<string> notes = [];
        PassRequest request = PassRequest.Parse(pass);
        return (PassRegistry.Default.Create(request.Name, request.Parameters).Run(graph, PassContext.Default with { Note = notes.Add }), notes);
    }
}
