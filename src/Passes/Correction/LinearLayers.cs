using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Correction;

/// <summary>Finds the layers that a scale and an offset of each output channel fold into.</summary>
internal static class LinearLayers
{
    /// <summary>
    /// The node with a layer's final value: a convolution, a matrix product, or the addition of a matrix product's bias; null
    /// for a node that is none, or whose weights are not constants of its own.
    /// </summary>
    public static bool IsLayer(Node node, Graph graph) => node.Operation switch
    {
        Conv => node.Inputs.Skip(1).All(v => graph.ConstantOf(v) is not null),
        MatMul => HasWeight(node, graph) && Addition(node, graph) is null,
        Binary { Kind: BinaryKind.Add } => node.Inputs.Any(v => graph.Producer(v) is { } product && Addition(product, graph) == node),
        _ => false,
    };

    /// <summary>The axis of a layer's output channels.</summary>
    public static int ChannelAxis(Node layer) => layer.Operation is Conv ? 1 : layer.Output.Shape.Rank - 1;

    /// <summary>The addition of a bias vector that alone reads a matrix product; null where there is none.</summary>
    private static Node? Addition(Node product, Graph graph)
    {
        if (product.Operation is not MatMul || !HasWeight(product, graph) || graph.Outputs.Contains(product.Output))
            return null;
        if (graph.Users(product.Output).ToArray() is not [{ Operation: Binary { Kind: BinaryKind.Add } } addition])
            return null;
        Value other = addition.Inputs[addition.Inputs[0] == product.Output ? 1 : 0];
        int channels = product.Output.Shape[product.Output.Shape.Rank - 1];
        return graph.ConstantOf(other) is { Shape: var shape } && shape.Count == channels && shape[shape.Rank - 1] == channels ? addition : null;
    }

    private static bool HasWeight(Node product, Graph graph)
        => product.Output.Shape.Rank > 0 && product.Inputs[0].Shape.Rank > 1 && graph.ConstantOf(product.Inputs[1]) is { Shape.Rank: 2 };
}
