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
        Operand input = context.Input(0), weight = context.Input(1);
        if (weight.Shape.Rank < 3)
            throw new GraphException($"A convolution's weight has at least three axes, not the shape {weight.Shape}.");
        SpatialWindow window = WindowAttributes.Read(context, input.Shape, weight.Shape.Dimensions.AsSpan()[2..]);
        if (context.Attributes.Ints("kernel_shape") is { } declared && !declared.SequenceEqual(window.Kernel.Select(k => (long)k)))
            throw new GraphException($"kernel_shape [{string.Join(", ", declared)}] does not match the weight {weight.Shape}.");
        Conv conv = new(window, checked((int)context.Attributes.Int("group", absent: 1)));
        context.Result(conv, context.OptionalInput(2) is { } bias ? [input, weight, bias] : [input, weight]);
    }
}
