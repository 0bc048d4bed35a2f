using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Matrix products.</summary>
internal static class Linear
{
    private static readonly Transpose _transpose = new(new IntVector(1, 0));

    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("MatMul", context => context.Result(new MatMul(), [context.Input(0), context.Input(1)])),
        ("Gemm", Gemm),
    ];

    /// <summary>Gemm(A, B, C) = α·A′·B′ + β·C. Constant factors and transpositions are computed into constant operands.</summary>
    private static void Gemm(ImportContext context)
    {
        Operand a = Matrix(context, 0, "transA"), b = Matrix(context, 1, "transB");
        float alpha = context.Attributes.Float("alpha", absent: 1), beta = context.Attributes.Float("beta", absent: 1);
        if (b.Constant is null && a.Constant is not null)
            a = Scaled(context, a, alpha);
        else
            b = Scaled(context, b, alpha);
        if (context.OptionalInput(2) is not { } c || beta == 0)
        {
            context.Result(new MatMul(), [a, b]);
            return;
        }

        Operand product = context.MainStep("matmul", new MatMul(), a, b);
        if (Shape.Broadcast(product.Shape, c.Shape) != product.Shape)
            throw new GraphException($"A bias of shape {c.Shape} does not fit a product of shape {product.Shape}.");
        context.Result(new Binary(BinaryKind.Add), [product, Scaled(context, c, beta)], role: "bias");
    }

    private static Operand Matrix(ImportContext context, int index, string transposeAttribute)
    {
        Operand matrix = context.Input(index);
        if (matrix.Shape.Rank != 2)
            throw new GraphException($"Input {index} of a matrix product has shape {matrix.Shape} and must have two axes.");
        return context.Attributes.Flag(transposeAttribute) ? context.Step("transposed", _transpose, matrix) : matrix;
    }

    private static Operand Scaled(ImportContext context, Operand operand, float factor)
    {
        if (factor == 1)
            return operand;
        Tensor scalar = Tensor.FromFloats(operand.Type.WithShape(Shape.Scalar), [factor]);
        return context.Step("scaled", new Binary(BinaryKind.Mul), operand, context.StepConstant("factor", scalar));
    }
}
