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
        ("LeakyRelu", context => context.Result(new LeakyRelu(Alpha(context, 0.01f)), context.Input(0))),
        ("PRelu", PRelu),
        ("Elu", context => context.Result(new Elu(Alpha(context, 1)), context.Input(0))),
        ("Selu", context => context.Result(new Elu(Alpha(context, 1.67326319f), context.Attributes.Float("gamma", 1.05070102f)), context.Input(0))),
        ("Celu", context => context.Result(new Elu(Alpha(context, 1), Width: Alpha(context, 1)), context.Input(0))),
        ("ThresholdedRelu", context => context.Result(new ThresholdedRelu(Alpha(context, 1)), context.Input(0))),
        ("Shrink", context => context.Result(new Shrink(context.Attributes.Float("lambd", 0.5f), context.Attributes.Float("bias", 0)), context.Input(0))),
        ("HardSigmoid", context => context.Result(HardSigmoid(context), context.Input(0))),
        ("HardSwish", context => context.Result(new HardSwish(), context.Input(0))),
        ("Sigmoid", context => context.Result(new Sigmoid(), context.Input(0))),
        ("Swish", context => Swish(context, Alpha(context, 1))),
        ("Gelu", context => context.Result(new Gelu(context.Attributes.Text("approximate", "none") is "tanh"), context.Input(0))),
        ("Clip", Clip),
        ("Dropout", Dropout),
        ("Identity", context => context.Result(new Identity(), context.Input(0))),
        .. Functions.Select(f => (f.Name, (OperatorImporter)(context => context.Result(new Unary(f.Kind), context.Input(0))))),
    ];

    private static (string Name, UnaryKind Kind)[] Functions =>
    [
        ("Tanh", UnaryKind.Tanh), ("Softplus", UnaryKind.Softplus), ("Softsign", UnaryKind.Softsign), ("Mish", UnaryKind.Mish),
    ];

    public static HardSigmoid HardSigmoid(ImportContext context) => new(Alpha(context, 0.2f), context.Attributes.Float("beta", 0.5f));

    /// <summary>x·sigmoid(α·x).</summary>
    public static void Swish(ImportContext context, float alpha)
    {
        Operand input = context.Input(0);
        Operand scaled = alpha == 1 ? input : context.Step("scaled", new Binary(BinaryKind.Mul), input, context.StepScalar("alpha", input, alpha));
        context.Result(new Binary(BinaryKind.Mul), [input, context.Step("gate", new Sigmoid(), scaled)]);
    }

    private static float Alpha(ImportContext context, float absent) => context.Attributes.Float("alpha", absent);

    /// <summary>Before operator set 7 a slope of one axis belonged to the channels; since then it broadcasts.</summary>
    private static void PRelu(ImportContext context)
    {
        Operand input = context.Input(0), slope = context.Input(1);
        if (context.Opset < 7 && input.Shape.Rank > 2 && slope.Shape.Rank == 1 && slope.Shape.Count > 1)
            slope = context.Step("slope", new Reshape(new Shape([slope.Shape.Count, .. IntVector.Repeat(1, input.Shape.Rank - 2).AsSpan()])), slope);
        context.Result(new PRelu(), [input, slope]);
    }

    private static void Clip(ImportContext context)
    {
        Operand input = context.Input(0);
        bool areInputs = context.Opset >= 11;
        Operand? lower = areInputs ? context.OptionalInput(1) : null, upper = areInputs ? context.OptionalInput(2) : null;
        if (!IsExact(lower) || !IsExact(upper))
        {
            ClipByOperands(context, input, lower, upper);
            return;
        }

        float minimum = Bound(context, lower, "min") ?? float.NegativeInfinity;
        float maximum = Bound(context, upper, "max") ?? float.PositiveInfinity;

        // Exporters write an absent bound as the largest float.
        minimum = minimum <= float.MinValue ? float.NegativeInfinity : minimum;
        maximum = maximum >= float.MaxValue ? float.PositiveInfinity : maximum;
        context.Result(new Clip(minimum, maximum), input);
    }

    /// <summary>Whether a bound is absent, or known and the same number as a float.</summary>
    private static bool IsExact(Operand? bound)
        => bound is null || (bound.Constant is { } tensor && (tensor.Type.IsFloat || tensor.Integers.ToArray().All(i => Math.Abs(i) <= 1 << 24)));

    private static void ClipByOperands(ImportContext context, Operand input, Operand? lower, Operand? upper)
    {
        if (lower is not null && upper is not null)
            context.Result(new Binary(BinaryKind.Min), [context.Step("bounded", new Binary(BinaryKind.Max), input, lower), upper]);
        else
            context.Result(new Binary(lower is null ? BinaryKind.Min : BinaryKind.Max), [input, (lower ?? upper)!]);
    }

    /// <summary>Bounds are attributes before operator set 11, inputs since.</summary>
    private static float? Bound(ImportContext context, Operand? input, string name)
    {
        if (context.Opset < 11)
            return context.Attributes.Has(name) ? context.Attributes.Float(name, absent: 0) : null;
        if (input?.Constant is not { } bound)
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
