using PrivateInference.IR;

namespace PrivateInference.Passes.Tests;

/// <summary>Short ways to build a graph and run a pass.</summary>
internal static class TestGraphs
{
    public static Graph Build(Func<GraphBuilder, Value> body) => Build(b => [body(b)]);

    public static Graph Build(Func<GraphBuilder, Value[]> body)
    {
        GraphBuilder builder = new("test");
        foreach (Value output in body(builder))
            builder.Output(output);
        return builder.Build();
    }

    public static Value Image(this GraphBuilder builder, params int[] shape) => builder.Input("x", TensorType.Float(shape));

    public static Value Weights(this GraphBuilder builder, string name, params int[] shape) => builder.Constant(Elements(shape), name);

    /// <summary>Elements that differ from each other, in [0.5, 1.5).</summary>
    public static Tensor Elements(params int[] shape)
    {
        Shape s = new(shape);
        return Tensor.FromFloats(s, [.. Enumerable.Range(0, s.Count).Select(i => 0.5f + (i * 0.37f % 1))]);
    }

    public static Graph Run(Pass pass, Graph graph)
    {
        Graph result = pass.Run(graph, PassContext.Default);
        Assert.Same(result, pass.Run(result, PassContext.Default));
        return result;
    }

    public static Dictionary<string, string> Arguments(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
