using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using static PrivateInference.Passes.Tests.TestGraphs;

namespace PrivateInference.Passes.Tests.Canonical;

public sealed class CommonSubexpressionsTests
{
    [Fact]
    public void Equal_layers_with_equal_weights_are_computed_once_under_the_first_name()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(1, 1, 4, 4);
            Value[] layers = [.. Enumerable.Range(0, 2).Select(i => b.Add(
                new Conv(SpatialWindow.Create([3, 3])), [x, b.Weights($"w{i}", 1, 1, 3, 3)], $"conv{i}"))];
            return b.Add(new Concat(1), [.. layers], "y");
        });

        Graph result = Run(new CommonSubexpressions(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal(["w0", "conv0", "y"], result.Nodes.Select(n => n.Output.Name));
    }

    [Fact]
    public void Different_attributes_inputs_or_contents_are_kept_apart()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(2);
            Value a = b.Add(new Clip(0, 1), [x]), c = b.Add(new Clip(0, 2), [x]);
            Value d = b.Add(new Binary(BinaryKind.Sub), [a, c]), e = b.Add(new Binary(BinaryKind.Sub), [c, a]);
            Value zero = b.Constant(Tensor.Scalar(0)), minusZero = b.Constant(Tensor.Scalar(-0f));
            return [d, e, zero, minusZero];
        });

        Assert.Same(graph, Run(new CommonSubexpressions(), graph));
    }

    [Fact]
    public void Two_equal_outputs_keep_both_names_and_are_computed_once()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(2);
            return [b.Add(new Relu(), [x], "first"), b.Add(new Relu(), [x], "second")];
        });

        Graph result = Run(new CommonSubexpressions(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal("relu identity", GraphAssert.Operations(result));
    }

    [Fact]
    public void Two_equal_constants_that_are_outputs_stay_constants()
    {
        Graph graph = Build(b => [b.Constant(Elements(2), "first"), b.Constant(Elements(2), "second")]);

        Assert.Same(graph, PassPipeline.Canonicalize(graph));
    }

    [Fact]
    public void An_output_takes_over_an_equal_value_before_it()
    {
        Graph graph = Build(b =>
        {
            Value x = b.Image(2);
            Value hidden = b.Add(new Clip(0, 1), [b.Add(new Relu(), [x], "hidden")], "clipped");
            return [b.Add(new Relu(), [x], "y"), hidden];
        });

        Graph result = Run(new CommonSubexpressions(), graph);

        GraphAssert.SameFunction(graph, result);
        Assert.Equal(["y", "clipped"], result.Nodes.Select(n => n.Output.Name));
    }
}
