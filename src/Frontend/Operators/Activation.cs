using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Element-wise non-linear functions, and those that are the identity at inference time.</summary>
internal static class Activation
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Relu", context => context.Result(new Relu(), context.Input(0))),
        ("Clip", Clip),
        ("Dropout", Dropout),
        ("Identity", context => context.Result(new Identity(), context.Input(0))),
    ];

    private static void Clip(ImportContext context)
    {
        float minimum = Bound(context, "min", 1) ?? float.NegativeInfinity;
        float maximum = Bound(context, "max", 2) ?? float.PositiveInfinity;

        // Exporters write an absent bound as the largest float.
        minimum = minimum <= float.MinValue ? float.NegativeInfinity : minimum;
        maximum = maximum >= float.MaxValue ? float.PositiveInfinity : maximum;
        context.Result(new Clip(minimum, maximum), context.Input(0));
    }

    /// <summary>Bounds are attributes before operator set 11, inputs since.</summary>
    private static float? Bound(ImportContext context, string name, int input)
    {
        if (context.Opset < 11)
            return context.Attributes.Has(name) ? context.Attributes.Float(name, absent: 0) : null;
        if (context.OptionalConstant(input, name) is not { } bound)
            return null;
        if (bound.Shape.Count != 1)
            throw new GraphException($"The bound '{name}' has {bound.Shape.Count} elements and must have one.");
        return bound.Type.IsFloat ? bound.Floats[0] : bound.Integers[0];
    }

    private static void Dropout(ImportContext context)
    {
        bool training = context.Opset switch
        {
            < 7 => !context.Attributes.Flag("is_test"),
            < 12 => false,
            _ => context.OptionalConstant(2, "training_mode") is { } mode && mode.Integers.ContainsAnyExcept(0L),
        };
        bool dropsNothing = context.Opset >= 12 && context.OptionalInput(1)?.Constant is { Type.IsFloat: true } ratio && !ratio.Floats.ContainsAnyExcept(0f);
        if (training && !dropsNothing)
            throw ImportException.Unsupported("it is in training mode.", "Export the model in evaluation mode.");
        context.Result(new Dropout(), context.Input(0));
        if (context.IsUsed(1))
            context.Result(Mask(context, context.Input(0).Type));
    }

    /// <summary>Nothing is dropped. Before operator set 10 the mask has the input's type.</summary>
    private static Tensor Mask(ImportContext context, TensorType input)
    {
        context.Reserve(input.Shape);
        TensorType type = context.Opset < 10 ? input : new TensorType(ElementType.Bool, input.Shape);
        return type.IsFloat
            ? Tensor.FromFloats(type, [.. Enumerable.Repeat(1f, type.Shape.Count)])
            : Tensor.FromIntegers(type, [.. Enumerable.Repeat(1L, type.Shape.Count)]);
    }
}
