using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>
/// flatten(T(x))·W → flatten(x)·(J·W) + T(0)·W for an affine T: an average pool or a convolution before a fully connected
/// layer. The rows of the matrix J are what T makes of one input element that is 1 while the others are 0. Worth it where
/// T has more outputs than inputs, or is more work than the wider product.
/// </summary>
internal sealed class SpatialIntoMatMul : IRewriteRule
{
    /// <summary>The most elements of J, and of the images it is computed from: 64 MiB each.</summary>
    private const long MaxElements = 1 << 24;

    /// <summary>The most multiply-accumulates that J may take: about a second.</summary>
    private const long MaxWork = 1 << 30;

    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (FlatProduct.Match(node, graph) is not { } flat || graph.Producer(flat.Source) is not { } spatial || !IsAffine(spatial, graph))
            return null;
        Value input = spatial.Inputs[0];
        int batch = input.Shape[0], elements = input.Shape.Count / batch, columns = flat.Layer.Weight.Shape[1];
        if ((long)batch * elements * columns > MultiplyAccumulates.Count(spatial) + MultiplyAccumulates.Count(node))
            return null;
        if ((long)elements * Math.Max(elements, flat.Layer.Weight.Shape[0]) > MaxElements || MultiplyAccumulates.Count(spatial) / batch * elements > MaxWork
            || !Matrices.IsAffordable(elements, flat.Layer.Weight.Shape[0], columns))
            return null;
        (Tensor rows, float[] constant) = Responses(spatial, elements, graph);
        double[] weight = Matrices.Multiply(rows.Floats, flat.Layer.Weight.Floats, elements, flat.Layer.Weight.Shape[0], columns);
        double[] offset = Matrices.Multiply(constant, flat.Layer.Weight.Floats, 1, constant.Length, columns);
        return AffineProduct.Define(node, flat.Layer, FlatProduct.Flatten(input, graph), weight, offset, graph);
    }

    private static bool IsAffine(Node node, GraphRewriter graph)
        => node.Operation is AveragePool || LinearLayer.Convolution(node, graph) is not null;

    /// <summary>J, [elements, outputs], and T(0), [outputs].</summary>
    private static (Tensor Rows, float[] Constant) Responses(Node node, int elements, GraphRewriter graph)
    {
        TensorType type = node.Inputs[0].Type;
        float[] ones = new float[elements * elements];
        for (int i = 0; i < elements; i++)
            ones[i * (elements + 1)] = 1;
        Shape image = new([1, .. type.Shape.Dimensions.Skip(1)]), images = new([elements, .. type.Shape.Dimensions.Skip(1)]);
        Tensor[] weight = [.. node.Inputs.Skip(1).Take(1).Select(v => graph.ConstantOf(v)!)], parameters = [.. node.Inputs.Skip(1).Select(v => graph.ConstantOf(v)!)];
        Tensor rows = FloatInterpreter.Evaluate(node.Operation, [Tensor.FromFloats(type.WithShape(images), ones), .. weight]);
        Tensor constant = FloatInterpreter.Evaluate(node.Operation, [Tensor.FromFloats(type.WithShape(image), new float[elements]), .. parameters]);
        return (rows, constant.Floats.ToArray());
    }
}
