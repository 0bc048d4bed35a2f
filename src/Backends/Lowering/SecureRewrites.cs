using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.Backends.Lowering;

/// <summary>For an operation without a secure protocol: the nearest model that has one.</summary>
internal static class SecureRewrites
{
    /// <summary>What to change; null where nothing near is known.</summary>
    public static string? For(Operation operation) => operation switch
    {
        Elu or ThresholdedRelu or Shrink => "Replace it by Relu and fine-tune.",
        HardSwish => "Replace it by Relu or Clip(0, 6) and fine-tune; or let the 'polynomial' pass fit a polynomial to it.",
        Sigmoid or Unary { Kind: UnaryKind.Tanh or UnaryKind.Softsign or UnaryKind.Erf }
            => "At the output leave it to the application; elsewhere replace it by Clip or by Relu and fine-tune, or let the 'polynomial' pass fit a polynomial to it.",
        Gelu or Unary { Kind: UnaryKind.Mish or UnaryKind.Softplus }
            => "Replace it by Relu and fine-tune; or let the 'polynomial' pass fit a polynomial to it.",
        Unary { Kind: UnaryKind.Neg } => "Multiply by -1.",
        Unary { Kind: UnaryKind.Sqrt or UnaryKind.Reciprocal or UnaryKind.Exp or UnaryKind.Log }
            => "At the output leave it to the application; inside a normalisation, use BatchNormalization, which folds into the weights.",
        Binary { Kind: BinaryKind.Pow } => "Replace it by Relu and fine-tune, or end the model before it.",
        Compare or Logical or Where or Unary { Kind: UnaryKind.Sign or UnaryKind.Not }
            => "Only Relu, Clip and MaxPool compare values computed from the input; a threshold on the output is the application's.",
        LayerNormalization or LocalResponseNormalization or LpNormalization
            => "Replace it by BatchNormalization, which folds into the weights, and fine-tune.",
        LogSoftmax or Hardmax => "Remove it: the logits before it have the same order.",
        MaxPoolIndices => "Leave the indices out; unpooling by them has no secure protocol.",
        LpPool => "Replace it by average pooling and fine-tune.",
        TopK => "End the model before it; the client chooses among the outputs.",
        RandomFlip => "It can turn sign decisions (DReLU) round and no other values.",
        CumSum => "Write it as a product with a triangular matrix.",
        _ => null,
    };
}
