using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Operators that combine, or choose among, the elements along axes.</summary>
internal static class Reduction
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("ArgMax", ArgMax),
        ("ArgMin", ArgMin),
        ("CumSum", CumSum),
        ("ReduceL1", context => Reduce(context, ReduceKind.L1)),
        ("ReduceL2", context => Reduce(context, ReduceKind.L2)),
        ("ReduceLogSum", context => Reduce(context, ReduceKind.LogSum)),
        ("ReduceLogSumExp", context => Reduce(context, ReduceKind.LogSumExp)),
        ("ReduceMax", context => Reduce(context, ReduceKind.Max)),
        ("ReduceMean", context => Reduce(context, ReduceKind.Mean)),
        ("ReduceMin", context => Reduce(context, ReduceKind.Min)),
        ("ReduceProd", context => Reduce(context, ReduceKind.Prod)),
        ("ReduceSum", context => Reduce(context, ReduceKind.Sum)),
        ("ReduceSumSquare", context => Reduce(context, ReduceKind.SumSquare)),
        ("TopK", TopK),
    ];

    private static void Reduce(ImportContext context, ReduceKind kind)
    {
        Operand input = context.Input(0);
        long[] given = context.IntegerList("axes", inputIndex: 1, inputSince: kind is ReduceKind.Sum ? 13 : 18) ?? [];
        bool nothing = given.Length == 0 && context.Attributes.Flag("noop_with_empty_axes");
        int[] axes = given.Length == 0 && !nothing
            ? [.. Enumerable.Range(0, input.Shape.Rank)]
            : [.. given.Select(a => input.Shape.NormalizeAxis(checked((int)a))).Order()];
        bool keep = context.Attributes.Flag("keepdims", absent: true);
        if (nothing && kind is ReduceKind.Sum or ReduceKind.Mean or ReduceKind.Max or ReduceKind.Min or ReduceKind.Prod)
            context.Result(new Identity(), input);
        else if (kind is ReduceKind.Mean or ReduceKind.Max && IsImageReduction(input, axes))
            PoolWholeImage(context, kind, input, keep);
        else
            context.Result(new Reduce(kind, new IntVector(axes), keep), input);
    }

    /// <summary>Whether the axes are all spatial axes of N×C×spatial.</summary>
    private static bool IsImageReduction(Operand input, int[] axes)
        => input.Constant is null && input.Type.IsFloat && input.Shape.Rank > 2 && input.Shape.Count > 0
            && axes.SequenceEqual(Enumerable.Range(2, input.Shape.Rank - 2));

    /// <summary>The mean over the image is a global average pool, the maximum a global max pool; reshaped without the axes.</summary>
    private static void PoolWholeImage(ImportContext context, ReduceKind kind, Operand input, bool keep)
    {
        SpatialWindow window = WindowAttributes.Global(input.Shape);
        Operation pool = kind is ReduceKind.Mean ? new AveragePool(window) : new MaxPool(window);
        if (keep)
        {
            context.Result(pool, input);
            return;
        }

        Shape flat = new(input.Shape.Dimensions.AsSpan()[..2]);
        context.Result(new Reshape(flat), [context.MainStep("pool", pool, input)], role: "reshape");
    }

    private static void ArgMax(ImportContext context) => context.Result(Best(context), context.Input(0));

    /// <summary>The largest of −x. For integers −1 − x, or the type's largest number − x: they cannot overflow.</summary>
    private static void ArgMin(ImportContext context)
    {
        Operand input = context.Input(0);
        TensorType scalar = input.Type.WithShape(Shape.Scalar);
        Tensor minuend = input.Type.IsFloat
            ? Tensor.FromFloats(scalar, [0])
            : Tensor.FromIntegers(scalar, [IntegerRange.Of(scalar.Element) is { Minimum: 0 } unsigned ? unsigned.Maximum : -1]);
        Operand mirrored = context.Step("mirrored", new Binary(BinaryKind.Sub), context.StepConstant("minuend", minuend), input);
        context.Result(Best(context), mirrored);
    }

    private static ArgMax Best(ImportContext context)
    {
        int axis = context.Input(0).Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: 0)));
        return new ArgMax(axis, context.Attributes.Flag("keepdims", absent: true), context.Attributes.Flag("select_last_index"));
    }

    private static void CumSum(ImportContext context)
    {
        Operand input = context.Input(0);
        Tensor axis = context.Constant(1, "axis");
        if (axis.Shape.Count != 1)
            throw new GraphException($"The axis has {axis.Shape.Count} elements and must have one.");
        int normalized = input.Shape.NormalizeAxis(checked((int)axis.Integers[0]));
        context.Result(new CumSum(normalized, context.Attributes.Flag("exclusive"), context.Attributes.Flag("reverse")), input);
    }

    /// <summary>The elements, and their positions where anything reads them.</summary>
    private static void TopK(ImportContext context)
    {
        Operand input = context.Input(0);
        long[] k = context.Opset < 10 ? [context.Attributes.Int("k")] : context.Constant(1, "k").Integers.ToArray();
        if (k.Length != 1)
            throw new GraphException($"The number of elements to keep has {k.Length} elements and must have one.");
        int axis = input.Shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: -1)));
        TopK values = new(axis, checked((int)k[0]), context.Attributes.Flag("largest", absent: true));
        context.Result(values, input);
        if (context.IsUsed(1))
            context.Result(values with { Positions = true }, input);
    }
}
