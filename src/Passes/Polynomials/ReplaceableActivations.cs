using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Polynomials;

/// <summary>Which nodes are activations that a polynomial may stand in for.</summary>
internal static class ReplaceableActivations
{
    /// <summary>
    /// Functions of one value that are defined and tame everywhere. Square roots, logarithms and the like are parts of
    /// normalisations, not activations.
    /// </summary>
    public static bool Includes(Node node) => node.Output.Type.IsFloat && node.Output.Shape.Rank > 1 && node.Operation switch
    {
        Relu or Clip => true,
        DRelu => false,
        ElementwiseFunction => true,
        Unary unary => unary.Kind is UnaryKind.Abs or UnaryKind.Erf or UnaryKind.Tanh or UnaryKind.Softplus or UnaryKind.Softsign
            or UnaryKind.Mish or UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Atan or UnaryKind.Asinh,
        _ => false,
    };

    /// <summary>The axis of the channels: the last behind a matrix product, else the second.</summary>
    public static int ChannelAxis(Value value, Func<Value, Node?> producer)
    {
        for (Node? node = producer(value); node is { Inputs: [var first, ..] } && node.Output.Shape == value.Shape; node = producer(first))
        {
            if (node.Operation is MatMul or LayerNormalization)
                return value.Shape.Rank - 1;
            if (node.Operation is Conv or BatchNormalization)
                return 1;
        }

        return 1;
    }
}
