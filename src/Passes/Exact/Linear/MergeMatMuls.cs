using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Canonical;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact.Linear;

/// <summary>(x·A + a)·B → x·(A·B) + a·B, with a possibly absent.</summary>
internal sealed class MergeMatMuls : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (LinearLayer.Product(node, graph) is not { } second || !graph.HasOneUse(second.Input))
            return null;
        Node? addition = graph.Producer(second.Input) is { Operation: Binary { Kind: BinaryKind.Add } } add ? add : null;
        ChannelScale? summand = addition == null ? null : ChannelScale.Match(addition, ^1, graph);
        Value product = summand?.Input ?? second.Input;
        if (LinearLayer.Product(graph.Producer(product), graph) is not { } first || !graph.HasOneUse(product))
            return null;
        (int rows, int inner, int columns) = (first.Weight.Shape[0], first.Weight.Shape[1], second.Weight.Shape[1]);
        if ((long)node.Output.Shape.Count * rows > MultiplyAccumulates.Count(first.Node) + MultiplyAccumulates.Count(node) || !Matrices.IsAffordable(rows, inner, columns))
            return null;
        double[] weight = Matrices.Multiply(first.Weight.Floats, second.Weight.Floats, rows, inner, columns);
        return AffineProduct.Define(node, second, first.Input, weight, summand is null ? null : Sum(summand.Offset, second.Weight, columns), graph);
    }

    /// <summary>a·B.</summary>
    private static double[] Sum(double[] summand, Tensor weight, int columns)
    {
        double[] sums = new double[columns];
        for (int i = 0; i < weight.Shape.Count; i++)
            sums[i % columns] += summand[i / columns] * weight.Floats[i];
        return sums;
    }
}
