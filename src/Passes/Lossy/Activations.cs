using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Lossy;

/// <summary>What counts as an activation: an element-wise non-linear function of one value computed by the model.</summary>
internal static class Activations
{
    public static bool IsActivation(Node node) => node.Output.Type.IsFloat && node.Operation switch
    {
        Relu or Clip or PRelu or Polynomial => true,
        DRelu => false,
        ElementwiseFunction => true,
        Unary { Kind: UnaryKind.Tanh or UnaryKind.Softplus or UnaryKind.Softsign or UnaryKind.Mish or UnaryKind.Abs } => true,
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

    /// <summary>The axis along which an activation's channels lie: the last behind a matrix product, else the second; null where there is none.</summary>
    public static int? ChannelAxis(Value value, Graph graph)
    {
        int rank = value.Shape.Rank;
        if (rank < 2)
            return null;
        for (Node? node = graph.Producer(value); node is not null; node = graph.Producer(node.Inputs[0]))
        {
            if (node.Operation is MatMul)
                return rank - 1;
            if (node.Operation is not (Binary or BatchNormalization or LayerNormalization) || node.Inputs[0].Shape != value.Shape)
                break;
        }

        return 1;
    }
}
