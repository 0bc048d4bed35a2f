using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical.Recognition;

/// <summary>
/// q(x)·x + c → polynomial(x), where q is a polynomial or itself c₁·x + c₀, with constants that are the same for all elements or
/// differ along one axis: Horner's rule from the inside out, one power a match.
/// </summary>
internal sealed class HornerToPolynomial : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph)
    {
        if (Sum(node, graph) is not { } outer || !graph.HasOneUse(outer.Product) || graph.Producer(outer.Product) is not { Operation: Binary { Kind: BinaryKind.Mul } } product)
            return null;
        return Extend(node, product.Inputs[0], product.Inputs[1], outer.Constant, graph) ?? Extend(node, product.Inputs[1], product.Inputs[0], outer.Constant, graph);
    }

    private static Value? Extend(Node node, Value inner, Value x, Tensor constant, GraphRewriter graph)
    {
        if (!graph.HasOneUse(inner) || graph.Producer(inner) is not { } producer || x.Type != node.Output.Type || !x.Type.IsFloat || x.Shape.Rank == 0)
            return null;
        HornerTerms? terms = producer.Operation is Polynomial polynomial && producer.Inputs[0] == x
            ? HornerTerms.Of(polynomial, graph.ConstantOf(producer.Inputs[1]), x.Shape)
            : Affine(producer, x, graph);
        if (terms?.Prepend(constant) is not { } extended || extended.Degree > Polynomial.MaxDegree)
            return null;
        Value coefficients = graph.AddConstant(extended.Coefficients(x.Type), $"{node.Output.Name}.coefficients");
        return graph.Define(node.Output, new Polynomial(extended.Axis), [x, coefficients], node.Name);
    }

    /// <summary>c₀ and c₁ of c₁·x + c₀.</summary>
    private static HornerTerms? Affine(Node node, Value x, GraphRewriter graph)
    {
        if (Sum(node, graph) is not { } sum || graph.Producer(sum.Product) is not { Operation: Binary { Kind: BinaryKind.Mul } } product)
            return null;
        Tensor? factor = product.Inputs[0] == x ? graph.ConstantOf(product.Inputs[1]) : product.Inputs[1] == x ? graph.ConstantOf(product.Inputs[0]) : null;
        return factor is null ? null : HornerTerms.None(x.Shape).Prepend(factor)?.Prepend(sum.Constant);
    }

    /// <summary>The operands of a sum of which one is constant.</summary>
    private static (Value Product, Tensor Constant)? Sum(Node node, GraphRewriter graph)
    {
        if (node.Operation is not Binary { Kind: BinaryKind.Add })
            return null;
        if (graph.ConstantOf(node.Inputs[1]) is { } right)
            return (node.Inputs[0], right);
        return graph.ConstantOf(node.Inputs[0]) is { } left ? (node.Inputs[1], left) : null;
    }
}
