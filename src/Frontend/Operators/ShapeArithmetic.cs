using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Schema;
using PrivateInference.Frontend.Shapes;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Constants, and operators that exporters use to compute shapes. Their results are known when compiling.</summary>
internal static class ShapeArithmetic
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Cast", Cast),
        ("Constant", Constant),
        ("ConstantOfShape", ConstantOfShape),
        ("Expand", Expand),
        ("Range", Range),
        ("ReduceProd", ReduceProd),
        ("Shape", ShapeOf),
        ("Size", context => context.Result(Scalar(context.Input(0).Shape.Count))),
    ];

    private static void Constant(ImportContext context)
    {
        NodeAttributes attributes = context.Attributes;
        Tensor? value = attributes.Tensor("value", context.ExternalData);
        if (value is null && attributes.Has("value_float"))
            value = Tensor.Scalar(attributes.Float("value_float", absent: 0));
        if (value is null && attributes.Has("value_int"))
            value = Scalar(attributes.Int("value_int"));
        if (value is null && attributes.Floats("value_floats") is { } floats)
            value = Tensor.FromFloats(new Shape(floats.Length), floats);
        if (value is null && attributes.Ints("value_ints") is { } integers)
            value = Tensor.FromInt64(integers);
        context.Result(value ?? throw ImportException.Unsupported("its value is neither a dense tensor nor a number.", "Export the model with dense constants."));
    }

    private static void ConstantOfShape(ImportContext context)
    {
        Shape shape = ToShape(context.Constant(0, "shape"));
        Tensor value = context.Attributes.Tensor("value", context.ExternalData) ?? Tensor.Scalar(0);
        if (value.Shape.Count != 1)
            throw new GraphException($"The value to fill with has {value.Shape.Count} elements and must have one.");
        context.Reserve(shape);
        context.Result(Broadcasting.Expand(value.Reshape(Shape.Scalar), shape));
    }

    private static void ShapeOf(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        int start = Position(context.Attributes.Int("start", absent: 0), shape.Rank);
        int end = Position(context.Attributes.Int("end", absent: shape.Rank), shape.Rank);
        context.Result(Tensor.FromInt64([.. shape.Dimensions.Take(end).Skip(start).Select(d => (long)d)]));
    }

    private static int Position(long index, int rank) => (int)Math.Clamp(index < 0 ? index + rank : index, 0, rank);

    private static void Cast(ImportContext context)
    {
        int target = checked((int)context.Attributes.Int("to"));
        ElementFormat format = TensorDecoder.Format(target)
            ?? throw new ImportException(DiagnosticCodes.UnsupportedElementType, $"it converts to {TensorDecoder.TypeName(target)}.", "Keep the model in float32.");
        bool same = format.Type == context.Input(0).Type.Element;
        context.Result(same ? new Identity() : new Cast(format.Type), context.Input(0));
    }

    /// <summary>Repeats a constant. A value of the graph passes only where nothing is repeated.</summary>
    private static void Expand(ImportContext context)
    {
        Operand input = context.Input(0);
        Shape shape = Shape.Broadcast(input.Shape, ToShape(context.Constant(1, "shape")));
        if (input.Constant is { } constant)
        {
            context.Reserve(shape);
            context.Result(Broadcasting.Expand(constant, shape));
            return;
        }

        if (shape.Count != input.Shape.Count)
            throw ImportException.Unsupported($"it repeats {input.Shape} to {shape}.", "Arithmetic broadcasts by itself; leave the repetition out.");
        context.Result(new Reshape(shape), input);
    }

    private static void Range(ImportContext context)
    {
        Tensor start = context.Constant(0, "start"), limit = context.Constant(1, "limit"), delta = context.Constant(2, "delta");
        if (start.Type.IsFloat || limit.Type.IsFloat || delta.Type.IsFloat || start.Shape.Count != 1 || limit.Shape.Count != 1 || delta.Shape.Count != 1)
            throw ImportException.Unsupported("it does not count in integers.");
        long first = start.Integers[0], step = delta.Integers[0], distance = checked(limit.Integers[0] - first);
        long count = step == 0 ? throw new GraphException("The step is 0.") : Math.Max(0, checked((distance + step - Math.Sign(step)) / step));
        Shape shape = new(checked((int)count));
        context.Reserve(shape);
        context.Result(Tensor.FromIntegers(start.Type.WithShape(shape), [.. Enumerable.Range(0, shape.Count).Select(i => first + (i * step))]));
    }

    private static void ReduceProd(ImportContext context)
    {
        Tensor input = context.Constant(0, "operand");
        long[]? axes = context.IntegerList("axes", inputIndex: 1, inputSince: 18);
        if (input.Type.IsFloat || input.Shape.Rank > 1 || (axes is { Length: 0 } && context.Attributes.Flag("noop_with_empty_axes")))
            throw ImportException.Unsupported("it is not the product of a list of integers.");
        long product = 1;
        foreach (long factor in input.Integers)
            product = checked(product * factor);
        Shape shape = input.Shape.Rank == 1 && context.Attributes.Flag("keepdims", absent: true) ? new Shape(1) : Shape.Scalar;
        context.Result(Tensor.FromIntegers(input.Type.WithShape(shape), [product]));
    }

    private static Tensor Scalar(long value) => Tensor.FromIntegers(new TensorType(ElementType.Int64, Shape.Scalar), [value]);

    private static Shape ToShape(Tensor dimensions) => new([.. dimensions.Integers.ToArray().Select(d => checked((int)d))]);
}
