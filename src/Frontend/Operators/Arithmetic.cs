using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Element-wise arithmetic with broadcasting, and functions of one number.</summary>
internal static class Arithmetic
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Add", context => Binary(context, BinaryKind.Add)),
        ("Sub", context => Binary(context, BinaryKind.Sub)),
        ("Mul", context => Binary(context, BinaryKind.Mul)),
        ("Div", context => Binary(context, BinaryKind.Div)),
        ("Pow", Pow),
        ("Mod", context => Binary(context, context.Attributes.Flag("fmod") ? BinaryKind.Fmod : BinaryKind.Mod)),
        ("Sum", context => Fold(context, BinaryKind.Add, context.AllInputs())),
        ("Mean", Mean),
        ("Min", context => Extreme(context, BinaryKind.Min)),
        ("Max", context => Extreme(context, BinaryKind.Max)),
        .. Functions.Select(kind => ($"{kind}", (OperatorImporter)(context => context.Result(new Unary(kind), context.Input(0))))),
    ];

    private static UnaryKind[] Functions =>
    [
        UnaryKind.Abs, UnaryKind.Neg, UnaryKind.Sign, UnaryKind.Floor, UnaryKind.Ceil, UnaryKind.Round,
        UnaryKind.Sqrt, UnaryKind.Reciprocal, UnaryKind.Exp, UnaryKind.Log, UnaryKind.Erf,
        UnaryKind.Sin, UnaryKind.Cos, UnaryKind.Tan, UnaryKind.Asin, UnaryKind.Acos, UnaryKind.Atan,
        UnaryKind.Sinh, UnaryKind.Cosh, UnaryKind.Asinh, UnaryKind.Acosh, UnaryKind.Atanh,
    ];

    private static void Binary(ImportContext context, BinaryKind kind)
    {
        Operand left = context.Input(0), right = context.Input(1);
        context.Result(new Binary(kind), [left, Aligned(context, left.Shape, right)]);
    }

    /// <summary>Before operator set 7 the second operand's axes could start at a given axis of the first one.</summary>
    internal static Operand Aligned(ImportContext context, Shape left, Operand right)
    {
        if (context.Opset >= 7 || !context.Attributes.Has("axis"))
            return right;
        int axis = left.NormalizeAxis(checked((int)context.Attributes.Int("axis")));
        int trailing = left.Rank - axis - right.Shape.Rank;
        if (trailing <= 0)
            return right;
        Shape shape = new([.. right.Shape.Dimensions.AsSpan(), .. IntVector.Repeat(1, trailing).AsSpan()]);
        return context.Step("aligned", new Reshape(shape), right);
    }

    /// <summary>The result has the base's type; a power of mixed types is computed in floating point if one of them is.</summary>
    private static void Pow(ImportContext context)
    {
        Operand number = context.Input(0), exponent = Aligned(context, number.Shape, context.Input(1));
        if (exponent.Type.Element == number.Type.Element)
        {
            context.Result(new Binary(BinaryKind.Pow), [number, exponent]);
        }
        else if (number.Type.IsFloat || !exponent.Type.IsFloat)
        {
            context.Result(new Binary(BinaryKind.Pow), [number, context.Step("exponent", new Cast(number.Type.Element), exponent)]);
        }
        else
        {
            Operand real = context.Step("base", new Cast(exponent.Type.Element), number);
            context.Result(new Cast(number.Type.Element), context.Step("power", new Binary(BinaryKind.Pow), real, exponent));
        }
    }

    private static void Mean(ImportContext context)
    {
        Operand[] terms = context.AllInputs();
        if (terms.Length == 1)
        {
            context.Result(new Identity(), terms[0]);
            return;
        }

        Operand sum = terms[0];
        for (int i = 1; i < terms.Length; i++)
            sum = context.Step($"{i}", new Binary(BinaryKind.Add), sum, terms[i]);
        context.Result(new Binary(BinaryKind.Div), [sum, context.StepScalar("count", sum, terms.Length)]);
    }

    /// <summary>The larger or smaller of a value and a known number is a clip, which secure execution knows.</summary>
    private static void Extreme(ImportContext context, BinaryKind kind)
    {
        Operand[] terms = context.AllInputs();
        if (terms.Length == 2 && (Bounded(kind, terms[0], terms[1]) ?? Bounded(kind, terms[1], terms[0])) is var (clip, operand))
            context.Result(clip, operand);
        else
            Fold(context, kind, terms);
    }

    private static (Clip Clip, Operand Operand)? Bounded(BinaryKind kind, Operand value, Operand bound)
    {
        bool applies = value.Constant is null && bound.Constant is { Shape.Count: 1, Type.IsFloat: true }
            && bound.Type.Element == value.Type.Element && bound.Shape.Rank <= value.Shape.Rank;
        if (!applies || float.IsNaN(bound.Constant!.Floats[0]))
            return null;
        float number = bound.Constant.Floats[0];
        return (kind is BinaryKind.Max ? new Clip(number, float.PositiveInfinity) : new Clip(float.NegativeInfinity, number), value);
    }

    /// <summary>((x₁ ∘ x₂) ∘ …) ∘ xₙ.</summary>
    private static void Fold(ImportContext context, BinaryKind kind, Operand[] terms)
    {
        if (terms.Length == 1)
        {
            context.Result(new Identity(), terms[0]);
            return;
        }

        Operand folded = terms[0];
        for (int i = 1; i < terms.Length - 1; i++)
            folded = context.Step($"{i}", new Binary(kind), folded, terms[i]);
        context.Result(new Binary(kind), [folded, terms[^1]]);
    }
}
