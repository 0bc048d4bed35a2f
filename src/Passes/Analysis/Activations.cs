using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>
/// What counts as an activation: an element-wise non-linear function of one value computed by the model, defined and tame
/// everywhere. Square roots, logarithms and the like are parts of normalisations.
/// </summary>
internal static class Activations
{
    public static bool IsActivation(Node node) => node.Output.Type.IsFloat && node.Operation switch
    {
        Relu or Clip or PRelu or Polynomial => true,
        DRelu => false,
        ElementwiseFunction => true,
        Unary unary => unary.Kind is UnaryKind.Abs or UnaryKind.Erf or UnaryKind.Tanh or UnaryKind.Softplus or UnaryKind.Softsign
            or UnaryKind.Mish or UnaryKind.Sin or UnaryKind.Cos or UnaryKind.Atan or UnaryKind.Asinh,
        _ => false,
    };

    /// <summary>x where a node is x·sigmoid(x), which exporters write for SiLU; else null.</summary>
    public static Value? SiluInput(Node node, Func<Value, Node?> producer)
    {
        if (node.Operation is not Binary { Kind: BinaryKind.Mul })
            return null;
        return IsSigmoidOf(node.Inputs[0], node.Inputs[1]) ? node.Inputs[1] : IsSigmoidOf(node.Inputs[1], node.Inputs[0]) ? node.Inputs[0] : null;

        bool IsSigmoidOf(Value gate, Value x) => producer(gate) is { Operation: Sigmoid } sigmoid && sigmoid.Inputs[0] == x;
    }

    /// <summary>The axis along which the channels of a value of rank 2 or more lie: the last behind a matrix product, else the second.</summary>
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
