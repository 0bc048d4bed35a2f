using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Normalisation by given or own statistics, and by norms.</summary>
internal static class NormalizationWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case BatchNormalization op:
                node.Write("BatchNormalization", Float("epsilon", op.Epsilon));
                break;
            case LayerNormalization op:
                WriteLayerNormalization(node, op);
                break;
            case LocalResponseNormalization op:
                WriteLocalResponse(node, op);
                break;
            case LpNormalization op:
                node.Write("LpNormalization", Int("axis", op.Axis), Int("p", op.P));
                break;
            case Softmax { Flatten: true } op:
                node.Call(ModelFunctions.FlattenedSoftmax(node.Opset), Int("axis", op.Axis));
                break;
            case Softmax op:
                node.Write("Softmax", Int("axis", op.Axis));
                break;
            case AxisFunction op:
                node.Write(op.GetType().Name, Int("axis", op.Axis));
                break;
            default:
                throw new InvalidOperationException($"'{node.Operation.Name}' does not normalise.");
        }
    }

    /// <summary>ONNX's operator centres, needs a scale, and takes scale and bias of the normalised axes' shape only.</summary>
    private static void WriteLayerNormalization(NodeWriter node, LayerNormalization op)
    {
        TensorType type = node.Inputs[0].Type, normalized = type.WithShape(new Shape(type.Shape.Dimensions.AsSpan()[op.Axis..]));
        if (op.Centered && node.Inputs.Length > 1 && node.Inputs.Skip(1).All(v => v.Type == normalized))
        {
            node.Write("LayerNormalization", Int("axis", op.Axis), Float("epsilon", op.Epsilon));
            return;
        }

        node.Call(
            ModelFunctions.Normalization(op.Centered, node.Inputs.Length, node.Opset),
            Int("axis", op.Axis), Float("epsilon", op.Epsilon), Int("to", (int)TensorEncoder.DataTypeOf(type.Element)));
    }

    /// <summary>ONNX Runtime takes images only, so other shapes are made ones: N×C×rest×1.</summary>
    private static void WriteLocalResponse(NodeWriter node, LocalResponseNormalization op)
    {
        Shape x = node.Inputs[0].Shape;
        AttributeProto[] attributes = [Int("size", op.Size), Float("alpha", op.Alpha), Float("beta", op.Beta), Float("bias", op.Bias)];
        if (x.Rank == 4)
        {
            node.Write("LRN", attributes);
            return;
        }

        int[] image = [x[0], x[1], new Shape(x.Dimensions.AsSpan()[2..]).Count, 1];
        string reshaped = node.Step("image", "Reshape", [node.Operands[0], node.Integers("image_shape", image)]);
        string normalized = node.Step("normalized", "LRN", [reshaped], attributes);
        node.Write("Reshape", [normalized, node.Integers("shape", x.Dimensions)]);
    }
}
