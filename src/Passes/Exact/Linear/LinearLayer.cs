using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>A convolution or matrix product of a value with constant weights.</summary>
/// <param name="Node">The node.</param>
/// <param name="Weight">Its weight.</param>
/// <param name="Bias">A convolution's bias, empty where it has none.</param>
internal sealed record LinearLayer(Node Node, Tensor Weight, float[] Bias)
{
    public Value Input => Node.Inputs[0];

    /// <summary>A convolution with constant weight and bias, or null.</summary>
    public static LinearLayer? Convolution(Node? node, GraphRewriter graph)
    {
        if (node is not { Operation: Conv, Output.Type.IsFloat: true } || graph.ConstantOf(node.Inputs[0]) != null || graph.ConstantOf(node.Inputs[1]) is not { } weight)
            return null;
        if (node.Inputs.Length == 2)
            return new LinearLayer(node, weight, []);
        return graph.ConstantOf(node.Inputs[2]) is { } bias ? new LinearLayer(node, weight, bias.Floats.ToArray()) : null;
    }

    /// <summary>A product x·W with a constant matrix W, or null.</summary>
    public static LinearLayer? Product(Node? node, GraphRewriter graph)
        => node is { Operation: MatMul } && node.Output.Type.IsFloat && node.Inputs[0].Shape.Rank >= 2
            && graph.ConstantOf(node.Inputs[0]) == null && graph.ConstantOf(node.Inputs[1]) is { Shape.Rank: 2 } weight
            ? new LinearLayer(node, weight, [])
            : null;

    /// <summary>A constant of the layer's element type, or null where an element is not finite.</summary>
    public Tensor? Constant(Shape shape, double[] elements)
    {
        float[] rounded = Array.ConvertAll(elements, v => (float)v);
        return rounded.All(float.IsFinite) ? Tensor.FromFloats(Weight.Type.WithShape(shape), rounded) : null;
    }
}
