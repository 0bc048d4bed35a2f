using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Which ONNX operators stand for which operation. A test holds this list against every operation of the IR.</summary>
internal static class OperationWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case Identity or Dropout or Relu or Sigmoid or HardSwish or DRelu or RandomFlip or LeakyRelu or PRelu or Elu or ThresholdedRelu or Shrink
                or HardSigmoid or Gelu or Clip or Polynomial:
                ActivationWriter.Write(node);
                break;
            case Unary or Binary or Compare or Logical or Where or Cast:
                ArithmeticWriter.Write(node);
                break;
            case Conv or MatMul:
                LinearWriter.Write(node);
                break;
            case MaxPool or MaxPoolIndices or AveragePool or LpPool:
                PoolingWriter.Write(node);
                break;
            case BatchNormalization or LayerNormalization or LocalResponseNormalization or LpNormalization or Softmax or LogSoftmax or Hardmax:
                NormalizationWriter.Write(node);
                break;
            case Reduce or ArgMax or TopK or CumSum:
                ReductionWriter.Write(node);
                break;
            case Reshape or Transpose or Slice or Pad or Concat or Gather:
                LayoutWriter.Write(node);
                break;
            case QuantizeLinear or DequantizeLinear:
                QuantizationWriter.Write(node);
                break;
            default:
                throw new InvalidOperationException($"The exporter does not know '{node.Operation.Name}'.");
        }
    }
}
