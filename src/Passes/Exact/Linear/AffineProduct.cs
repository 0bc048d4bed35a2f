using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>The result of merging something into a matrix product.</summary>
internal static class AffineProduct
{
    /// <summary>Gives the node of <paramref name="layer"/> the definition input·weight + offset; null where a number is not finite.</summary>
    /// <param name="node">The node being rewritten.</param>
    /// <param name="layer">The layer that it was.</param>
    /// <param name="input">What is now multiplied: […, rows].</param>
    /// <param name="weight">[rows, columns].</param>
    /// <param name="offset">[columns]; null for none.</param>
    /// <param name="graph">The graph.</param>
    public static Value? Define(Node node, LinearLayer layer, Value input, double[] weight, double[]? offset, GraphRewriter graph)
    {
        int columns = layer.Weight.Shape[1];
        if (layer.Constant(new Shape(weight.Length / columns, columns), weight) is not { } merged)
            return null;
        string name = $"{node.Inputs[1].Name}.merged";
        if (offset is null || offset.All(o => o == 0))
            return graph.Define(node.Output, new MatMul(), [input, graph.AddConstant(merged, name)], node.Name);
        if (layer.Constant(new Shape(columns), offset) is not { } bias)
            return null;
        Value product = graph.Add(new MatMul(), [input, graph.AddConstant(merged, name)], $"{node.Output.Name}.product", node.Name);
        return graph.Define(node.Output, new Binary(BinaryKind.Add), [product, graph.AddConstant(bias, $"{node.Name}.bias")], $"{node.Name}.add");
    }
}
