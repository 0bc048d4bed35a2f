using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>A fully connected layer and what it reads, seen through the reshape that flattens N×C×… to N×features.</summary>
/// <param name="Layer">The matrix product.</param>
/// <param name="Source">The value before the reshape, or the product's input; nothing else reads it.</param>
internal sealed record FlatProduct(LinearLayer Layer, Value Source)
{
    public static FlatProduct? Match(Node node, GraphRewriter graph)
    {
        if (LinearLayer.Product(node, graph) is not { } layer || layer.Input.Shape.Rank != 2 || !graph.HasOneUse(layer.Input))
            return null;
        if (graph.Producer(layer.Input) is not { Operation: Reshape } reshape)
            return new FlatProduct(layer, layer.Input);
        Value source = reshape.Inputs[0];
        bool keepsBatch = source.Shape.Rank >= 2 && source.Shape[0] == layer.Input.Shape[0];
        return keepsBatch && graph.HasOneUse(source) ? new FlatProduct(layer, source) : null;
    }

    /// <summary>A value of the source's batch, flattened as the layer's input was.</summary>
    public static Value Flatten(Value value, GraphRewriter graph)
        => value.Shape.Rank == 2
            ? value
            : graph.Add(new Reshape(new Shape(value.Shape[0], value.Shape.Count / value.Shape[0])), [value], $"{value.Name}.flat");
}
