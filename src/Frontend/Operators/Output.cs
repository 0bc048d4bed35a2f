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
    ];

    /// <summary>Before operator set 13 the axis starts the part that is normalised together; since then it is that part.</summary>
    private static void Softmax(ImportContext context)
    {
        Shape shape = context.Input(0).Shape;
        bool flatten = context.Opset < 13;
        int axis = shape.NormalizeAxis(checked((int)context.Attributes.Int("axis", absent: flatten ? 1 : -1)));
        context.Result(new Softmax(axis, flatten && axis != shape.Rank - 1), context.Input(0));
    }
}
