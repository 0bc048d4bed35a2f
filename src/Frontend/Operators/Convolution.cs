using PrivateInference.Frontend.Importing;
using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Operators;

/// <summary>Convolution.</summary>
internal static class Convolution
{
    public static (string Name, OperatorImporter Importer)[] Operators => [("Conv", Conv)];

    private static void Conv(ImportContext context)
    {
        (Conv conv, Operand[] operands) = Read(context);
        context.Result(conv, operands);
    }

    /// <summary>The operation that the node's attributes and first three inputs state, and its operands.</summary>
    /// <exception cref="GraphException">The attributes do not fit each other or the operands.</exception>
    public static (Conv Operation, Operand[] Operands) Read(ImportContext context)
    {
        Operand input = context.Input(0), weight = context.Input(1);
        return (Geometry(context, input, weight), context.OptionalInput(2) is { } bias ? [input, weight, bias] : [input, weight]);
    }

    /// <summary>The operation that a node with convolution attributes stands for.</summary>
    /// <exception cref="GraphException">The attributes do not fit each other or the operands.</exception>
    public static Conv Geometry(ImportContext context, Operand input, Operand weight)
    {
        if (weight.Shape.Rank < 3)
            throw new GraphException($"A convolution's weight has at least three axes, not the shape {weight.Shape}.");
        WindowAttributes.RequireKernel(context, weight.Shape);
        SpatialWindow window = WindowAttributes.Read(context, input.Shape, weight.Shape.Dimensions.AsSpan()[2..]);
        return new Conv(window, checked((int)context.Attributes.Int("group", absent: 1)));
    }
}
