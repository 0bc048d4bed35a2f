using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>
/// Quantised models. Products of integers accumulate in 32 bits, exactly; a result is scaled in single precision and
/// rounded half to even, as ONNX Runtime does.
/// </summary>
internal static class Quantization
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("ConvInteger", ConvInteger),
        ("DequantizeLinear", Dequantize),
        ("DynamicQuantizeLinear", DynamicQuantize),
        ("MatMulInteger", MatMulInteger),
        ("QLinearConv", QLinearConv),
        ("QLinearMatMul", QLinearMatMul),
        ("QuantizeLinear", Quantize),
    ];

    private static void Quantize(ImportContext context)
    {
        Operand input = context.Input(0), scale = context.Input(1);
        ElementType type = context.OptionalInput(2)?.Type.Element
            ?? (context.Attributes.Int("output_dtype", absent: 0) != 0 ? context.ElementType("output_dtype") : ElementType.UInt8);
        if (!input.Type.IsFloat)
            input = context.Step("real", new Cast(scale.Type.Element), input);
        Operand zero = context.OptionalInput(2) ?? Zero(context, type, scale.Shape);
        context.Result(new QuantizeLinear(type), [input, Aligned(context, input.Shape, scale, "scale"), Aligned(context, input.Shape, zero, "zero")]);
    }

    private static void Dequantize(ImportContext context)
    {
        Operand input = context.Input(0), scale = context.Input(1);
        Operand zero = context.OptionalInput(2) ?? Zero(context, input.Type.Element, scale.Shape);
        context.Result(new DequantizeLinear(), [input, Aligned(context, input.Shape, scale, "scale"), Aligned(context, input.Shape, zero, "zero")]);
    }

    /// <summary>scale = (max(x, 0) − min(x, 0)) / 255, zero point = saturate(round(−min(x, 0) / scale))</summary>
    private static void DynamicQuantize(ImportContext context)
    {
        Operand input = context.Input(0);
        IntVector axes = new([.. Enumerable.Range(0, input.Shape.Rank)]);
        Operand lowest = Bounded(ReduceKind.Min, float.NegativeInfinity, 0), highest = Bounded(ReduceKind.Max, 0, float.PositiveInfinity);
        Operand range = context.Step("range", new Binary(BinaryKind.Sub), highest, lowest);
        Operand levels = context.StepConstant("levels", Tensor.Scalar(byte.MaxValue)), nothing = context.StepConstant("nothing", Tensor.Scalar(0));
        Operand scale = context.Step("scale", new Binary(BinaryKind.Div), range, levels), least = context.Step("least", new Binary(BinaryKind.Sub), nothing, lowest);
        Operand zero = context.Step("zero", new QuantizeLinear(ElementType.UInt8), least, scale, Zero(context, ElementType.UInt8, Shape.Scalar));
        context.Result(new QuantizeLinear(ElementType.UInt8), [input, scale, zero]);
        context.Result(scale);
        context.Result(zero);

        Operand Bounded(ReduceKind kind, float minimum, float maximum)
            => context.Step($"{kind}0", new Clip(minimum, maximum), context.Step($"{kind}", new Reduce(kind, axes, KeepDimensions: false), input));
    }

    private static void MatMulInteger(ImportContext context)
    {
        Operand left = Centred(context, 0, 2, axis: -2), right = Centred(context, 1, 3, axis: -1);
        context.Result(new MatMul(), [left, right]);
    }

    private static void ConvInteger(ImportContext context)
    {
        Operand input = Centred(context, 0, 2, axis: 1), weight = Centred(context, 1, 3, axis: 0);
        context.Result(Convolution.Geometry(context, input, weight), [input, weight]);
    }

    /// <summary>Inputs: a, scale, zero point, b, scale, zero point, scale and zero point of the result.</summary>
    private static void QLinearMatMul(ImportContext context)
    {
        Operand left = Centred(context, 0, 2, axis: -2), right = Centred(context, 3, 5, axis: -1);
        Operand product = context.MainStep("product", new MatMul(), left, right);
        Operand leftScale = Along(context, context.Input(1), left.Shape, axis: -2), rightScale = Along(context, context.Input(4), right.Shape, axis: -1);
        Requantize(context, product, leftScale, rightScale, context.Input(6), context.Input(7));
    }

    /// <summary>Inputs: x, scale, zero point, w, scale, zero point, scale and zero point of the result, and maybe a bias.</summary>
    private static void QLinearConv(ImportContext context)
    {
        Operand input = Centred(context, 0, 2, axis: 1), weight = Centred(context, 3, 5, axis: 0);
        Conv conv = Convolution.Geometry(context, input, weight);
        Operand product = context.OptionalInput(8) is { } bias
            ? context.MainStep("product", conv, input, weight, bias)
            : context.MainStep("product", conv, input, weight);
        Operand weightScale = Along(context, context.Input(4), product.Shape, axis: 1);
        Requantize(context, product, context.Input(1), weightScale, context.Input(6), context.Input(7));
    }

    /// <summary>saturate(round(product · (left scale · right scale / result's scale)) + zero point)</summary>
    private static void Requantize(ImportContext context, Operand product, Operand leftScale, Operand rightScale, Operand scale, Operand zero)
    {
        Operand real = context.Step("real", new Cast(scale.Type.Element), product);
        Operand scales = context.Step("scales", new Binary(BinaryKind.Mul), leftScale, rightScale);
        Operand factor = context.Step("factor", new Binary(BinaryKind.Div), scales, scale);
        Operand scaled = context.Step("scaled", new Binary(BinaryKind.Mul), real, factor);
        Operand one = context.StepConstant("one", Tensor.FromFloats(scale.Type.WithShape(Shape.Scalar), [1]));
        context.Result(new QuantizeLinear(zero.Type.Element), [scaled, one, Along(context, zero, product.Shape, axis: 1)], role: "quantize");
    }

    /// <summary>The operand in 32 bits, less its zero point.</summary>
    private static Operand Centred(ImportContext context, int index, int zeroIndex, int axis)
    {
        Operand operand = context.Input(index), wide = context.Step("wide", new Cast(ElementType.Int32), operand);
        if (context.OptionalInput(zeroIndex) is not { } zero)
            return wide;
        Operand wideZero = context.Step("wide", new Cast(ElementType.Int32), Along(context, zero, operand.Shape, axis));
        return context.Step("centred", new Binary(BinaryKind.Sub), wide, wideZero);
    }

    /// <summary>One number, or a list of them along an axis of the shape, as a tensor that broadcasts to the shape.</summary>
    private static Operand Along(ImportContext context, Operand operand, Shape shape, int axis)
    {
        if (operand.Shape.Count == 1)
            return operand.Shape.Rank == 0 ? operand : context.Step("scalar", new Reshape(Shape.Scalar), operand);
        if (operand.Shape.Rank != 1)
            return operand;
        int[] dimensions = [.. IntVector.Repeat(1, shape.Rank)];
        dimensions[shape.NormalizeAxis(axis)] = operand.Shape.Count;
        return context.Step("aligned", new Reshape(new Shape(dimensions)), operand);
    }

    /// <summary>A scale or zero point of one number, one an index of the axis, or one a block along it.</summary>
    private static Operand Aligned(ImportContext context, Shape shape, Operand operand, string role)
    {
        int axis = checked((int)context.Attributes.Int("axis", absent: 1));
        long block = context.Attributes.Int("block_size", absent: 0);
        if (block == 0 || operand.Shape.Rank != shape.Rank)
            return Along(context, operand, shape, operand.Shape.Count == 1 ? 0 : axis);
        int normalized = shape.NormalizeAxis(axis);
        if (block < 0 || (operand.Shape[normalized] - 1) * block >= shape[normalized] || operand.Shape[normalized] * block < shape[normalized])
            throw new GraphException($"Blocks of {block} along axis {normalized} of {shape} do not fit a {role} of shape {operand.Shape}.");
        OperationChain chain = new(context, operand);
        chain.ThenGather(context, normalized, shape[normalized], i => (int)(i / block));
        return chain.Flush();
    }

    private static Operand Zero(ImportContext context, ElementType type, Shape shape)
    {
        context.Reserve(shape);
        return context.StepConstant("zero", Tensor.FromIntegers(new TensorType(type, shape), new long[shape.Count]));
    }
}
