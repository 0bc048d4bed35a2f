using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Shapes;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Constants, and operators that exporters use to compute shapes. Their results are known when compiling.</summary>
internal static class ShapeArithmetic
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Cast", context => Cast(context, context.ElementType("to"))),
        ("CastLike", context => Cast(context, context.Input(1).Type.Element)),
        ("Constant", Constant),
        ("ConstantOfShape", ConstantOfShape),
        ("Range", Range),
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
        Shape shape = context.Constant(0, "shape").ToShape();
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

    private static void Cast(ImportContext context, ElementType target)
    {
        bool same = target == context.Input(0).Type.Element;
        context.Result(same ? new Identity() : new Cast(target), context.Input(0));
    }

    private static void Range(ImportContext context)
    {
        Tensor start = context.Constant(0, "start"), limit = context.Constant(1, "limit"), delta = context.Constant(2, "delta");
        if (start.Type.Element != limit.Type.Element || start.Type.Element != delta.Type.Element || start.Shape.Count != 1 || limit.Shape.Count != 1 || delta.Shape.Count != 1)
            throw new GraphException("Start, limit and step are not one number of one type each.");
        if (start.Type.IsFloat)
            FloatRange(context, start, limit.Floats[0], delta.Floats[0]);
        else
            IntegerRange(context, start, limit.Integers[0], delta.Integers[0]);
    }

    private static void IntegerRange(ImportContext context, Tensor start, long limit, long step)
    {
        long first = start.Integers[0], distance = checked(limit - first);
        long count = step == 0 ? throw new GraphException("The step is 0.") : Math.Max(0, checked((distance + step - Math.Sign(step)) / step));
        Shape shape = new(checked((int)count));
        context.Reserve(shape);
        context.Result(Tensor.FromIntegers(start.Type.WithShape(shape), [.. Enumerable.Range(0, shape.Count).Select(i => first + (i * step))]));
    }

    private static void FloatRange(ImportContext context, Tensor start, float limit, float step)
    {
        double first = start.Floats[0], count = Math.Max(0, Math.Ceiling((limit - first) / step));
        Shape shape = new(count <= Shape.MaxElements ? (int)count : throw new GraphException($"A range of {count} numbers is too long."));
        context.Reserve(shape);
        context.Result(Tensor.FromFloats(start.Type.WithShape(shape), [.. Enumerable.Range(0, shape.Count).Select(i => (float)(first + (i * (double)step)))]));
    }

    private static Tensor Scalar(long value) => Tensor.FromIntegers(new TensorType(ElementType.Int64, Shape.Scalar), [value]);
}
