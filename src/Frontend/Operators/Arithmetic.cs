using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Element-wise arithmetic with broadcasting.</summary>
internal static class Arithmetic
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Add", context => Binary(context, BinaryKind.Add)),
        ("Sub", context => Binary(context, BinaryKind.Sub)),
        ("Mul", context => Binary(context, BinaryKind.Mul)),
        ("Div", context => Binary(context, BinaryKind.Div)),
        ("Sum", Sum),
    ];

    private static void Binary(ImportContext context, BinaryKind kind)
    {
        Operand left = context.Input(0), right = context.Input(1);
        if (context.Opset < 7 && context.Attributes.Has("axis"))
            right = AlignedAt(context, left.Shape, right);
        context.Result(new Binary(kind), [left, right]);
    }

    /// <summary>Before operator set 7 the second operand's axes could start at a given axis of the first one.</summary>
    private static Operand AlignedAt(ImportContext context, Shape left, Operand right)
    {
        int axis = left.NormalizeAxis(checked((int)context.Attributes.Int("axis")));
        int trailing = left.Rank - axis - right.Shape.Rank;
        if (trailing <= 0)
            return right;
        Shape shape = new([.. right.Shape.Dimensions.AsSpan(), .. IntVector.Repeat(1, trailing).AsSpan()]);
        return context.Step("aligned", new Reshape(shape), right);
    }

    /// <summary>Sum(x₁, …, xₙ) = ((x₁ + x₂) + …) + xₙ.</summary>
    private static void Sum(ImportContext context)
    {
        Operand[] terms = context.AllInputs();
        if (terms.Length == 1)
        {
            context.Result(new Identity(), terms[0]);
            return;
        }

        Operand sum = terms[0];
        for (int i = 1; i < terms.Length - 1; i++)
            sum = context.Step($"{i}", new Binary(BinaryKind.Add), sum, terms[i]);
        context.Result(new Binary(BinaryKind.Add), [sum, terms[^1]]);
    }
}
