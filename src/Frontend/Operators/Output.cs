using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>What classifiers end with.</summary>
internal static class Output
{
    public static (string Name, OperatorImporter Importer)[] Operators =>
    [
        ("Softmax", Softmax),
        ("LogSoftmax", context => AlongAxis(context, axis => new LogSoftmax(axis))),
        ("Hardmax", context => AlongAxis(context, axis => new Hardmax(axis))),
    ];

    private static void Softmax(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        (int axis, bool flatten) = Axis(context, shape);
        context.Result(new Softmax(axis, flatten && axis != shape.Rank - 1), context.Input(0));
    }

    private static void AlongAxis(ImportContext context, Func<int, Operation> operation)
    {
        Operand input = context.Input(0);
        (int axis, bool flatten) = Axis(context, input.Shape);
        if (!flatten || axis == input.Shape.Rank - 1)
        {
            context.Result(operation(axis), input);
            return;
        }

        Shape flat = new([.. input.Shape.Dimensions.AsSpan()[..axis], new Shape(input.Shape.Dimensions.AsSpan()[axis..]).Count]);
        Operand normalized = context.MainStep("flat", operation(axis), context.Step("rows", new Reshape(flat), input));
        context.Result(new Reshape(input.Shape), [normalized], role: "shape");
    }

    /// <summary>Before operator set 13 the axis starts the part that is normalised together; since then it is that part.</summary>
    private static (int Axis, bool Flatten) Axis(ImportContext context, Shape shape)
    {
        bool flatten = context.Opset < 13;
        return (shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: flatten ? 1 : -1))), flatten);
    }
}
