using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>
/// conv(conv(x, W₁, b₁), W₂, b₂) → conv(x, W, b), one of them 1×1. Behind, a 1×1 kernel mixes channels of a finished result:
/// W = W₂·W₁, b = b₂ + W₂·b₁, and its stride multiplies the first one's. Before, it mixes channels of each element:
/// W[m, c, k] = Σⱼ W₂[m, j, k]·W₁[j, c], b = b₂ + Σ W₂·b₁; the second may then pad only if b₁ is 0, because it pads with 0
/// and not with b₁.
/// </summary>
internal sealed class MergeConvolutions : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (LinearLayer.Convolution(node, graph) is not { Node.Operation: Conv { Groups: 1 } last } second || !graph.HasOneUse(second.Input))
            return null;
        if (LinearLayer.Convolution(graph.Producer(second.Input), graph) is not { Node.Operation: Conv { Groups: 1 } start } first)
            return null;
        Conv merged;
        if (IsPointwise(last) && last.Window.Pads.All(0))
            merged = start with { Window = start.Window with { Strides = new IntVector([.. start.Window.Strides.Zip(last.Window.Strides, (a, b) => a * b)]) } };
        else if (IsPointwise(start) && start.Window.Pads.All(0) && start.Window.Strides.All(1) && (last.Window.Pads.All(0) || first.Bias.All(b => b == 0)))
            merged = last;
        else
            return null;

        int taps = first.Weight.Shape[1] * merged.Window.Kernel.Aggregate(1, (size, k) => size * k);
        if ((long)node.Output.Shape.Count * taps > MultiplyAccumulates.Count(first.Node) + MultiplyAccumulates.Count(node))
            return null;
        if (!Matrices.IsAffordable(second.Weight.Shape.Count, first.Weight.Shape.Count / first.Weight.Shape[0], 1))
            return null;
        if (second.Constant(new Shape([second.Weight.Shape[0], first.Weight.Shape[1], .. merged.Window.Kernel]), Weight(first, second)) is not { } weight
            || second.Constant(new Shape(second.Weight.Shape[0]), Bias(first, second)) is not { } bias)
            return null;
        Value weights = graph.AddConstant(weight, $"{node.Inputs[1].Name}.merged");
        return first.Bias.Length + second.Bias.Length == 0
            ? graph.Define(node.Output, merged, [first.Input, weights], node.Name)
            : graph.Define(node.Output, merged, [first.Input, weights, graph.AddConstant(bias, $"{node.Name}.bias")], node.Name);
    }

    private static bool IsPointwise(Conv conv) => conv.Window.Kernel.All(1);

    /// <summary>Σⱼ W₂[m, j, k]·W₁[j, c, l], of which k or l is always 0.</summary>
    private static double[] Weight(LinearLayer first, LinearLayer second)
    {
        int filters = second.Weight.Shape[0], inner = first.Weight.Shape[0], channels = first.Weight.Shape[1];
        int area = second.Weight.Shape.Count / (filters * inner);
        if (area == 1)
            return Matrices.Multiply(second.Weight.Floats, first.Weight.Floats, filters, inner, first.Weight.Shape.Count / inner);

        // [m, j, k] to [m, k, j], times [j, c] is [m, k, c], to [m, c, k].
        Tensor rows = FloatInterpreter.Evaluate(new Transpose(new IntVector(0, 2, 1)), [second.Weight.Reshape(new Shape(filters, inner, area))]);
        double[] product = Matrices.Multiply(rows.Floats, first.Weight.Floats, filters * area, inner, channels);
        double[] weight = new double[product.Length];
        for (int i = 0; i < weight.Length; i++)
            weight[i] = product[(((i / (channels * area) * area) + (i % area)) * channels) + (i / area % channels)];
        return weight;
    }

    private static double[] Bias(LinearLayer first, LinearLayer second)
    {
        int filters = second.Weight.Shape[0], inner = first.Weight.Shape[0], area = second.Weight.Shape.Count / (filters * inner);
        double[] bias = new double[filters];
        for (int i = 0; i < second.Weight.Shape.Count && first.Bias.Length > 0; i++)
            bias[i / (inner * area)] += (double)second.Weight.Floats[i] * first.Bias[i / area % inner];
        for (int m = 0; m < second.Bias.Length; m++)
            bias[m] += second.Bias[m];
        return bias;
    }
}
