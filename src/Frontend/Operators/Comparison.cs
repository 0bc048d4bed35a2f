using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Operators that give truth values or choose by them.</summary>
internal static class Comparison
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Equal", Equal),
        ("Less", context => Pair(context, new Compare(CompareKind.Less))),
        ("LessOrEqual", context => Pair(context, new Compare(CompareKind.LessOrEqual))),
        ("Greater", context => Pair(context, new Compare(CompareKind.Greater))),
        ("GreaterOrEqual", context => Pair(context, new Compare(CompareKind.GreaterOrEqual))),
        ("And", context => Pair(context, new Logical(LogicalKind.And))),
        ("Or", context => Pair(context, new Logical(LogicalKind.Or))),
        ("Xor", context => Pair(context, new Logical(LogicalKind.Xor))),
        ("Not", context => context.Result(new Unary(UnaryKind.Not), context.Input(0))),
        ("Where", context => context.Result(new Where(), [context.Input(0), context.Input(1), context.Input(2)])),
        ("IsNaN", IsNaN),
        ("IsInf", IsInf),
    ];

    private static void Pair(ImportContext context, Operation operation)
    {
        Operand left = context.Input(0);
        context.Result(operation, [left, Arithmetic.Aligned(context, left.Shape, context.Input(1))]);
    }

    private static void Equal(ImportContext context)
    {
        if (context.Opset < 11 && context.Input(0).Type.IsFloat)
            throw new GraphException($"Operator set {context.Opset} compares integers and booleans for equality, not {context.Input(0).Type}.");
        Pair(context, new Compare(CompareKind.Equal));
    }

    /// <summary>Only a NaN does not equal itself.</summary>
    private static void IsNaN(ImportContext context)
    {
        Operand input = context.Input(0);
        context.Result(new Unary(UnaryKind.Not), context.Step("number", new Compare(CompareKind.Equal), input, input));
    }

    private static void IsInf(ImportContext context)
    {
        Operand input = context.Input(0);
        bool negative = context.Attributes.Flag("detect_negative", absent: true), positive = context.Attributes.Flag("detect_positive", absent: true);
        Operand low = context.StepScalar("low", input, negative ? float.NegativeInfinity : float.NaN);
        Operand high = context.StepScalar("high", input, positive ? float.PositiveInfinity : float.NaN);
        Operand isLow = context.Step("negative", new Compare(CompareKind.Equal), input, low);
        Operand isHigh = context.Step("positive", new Compare(CompareKind.Equal), input, high);
        context.Result(new Logical(LogicalKind.Or), [isLow, isHigh]);
    }
}
