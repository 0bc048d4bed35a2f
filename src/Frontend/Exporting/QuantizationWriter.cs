using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>
/// Conversions between real numbers and the integers that stand for them. ONNX's operators take one scale and zero
/// point, or a list along one axis; the operations take any that broadcast, so all but the first form are functions.
/// </summary>
internal static class QuantizationWriter
{
    public static void Write(NodeWriter node)
    {
        TensorType scale = node.Inputs[1].Type, zero = node.Inputs[2].Type;
        bool isStandard = scale is { Element: ElementType.Float32, Shape.Rank: 0 } && zero is { Element: ElementType.Int8 or ElementType.UInt8, Shape.Rank: 0 };
        if (node.Operation is not QuantizeLinear quantize)
            Dequantize(node, isStandard);
        else if (isStandard && node.Inputs[0].Type.Element == ElementType.Float32)
            node.Write("QuantizeLinear");
        else
            Quantize(node, quantize);
    }

    private static void Dequantize(NodeWriter node, bool isStandard)
    {
        if (isStandard)
            node.Write("DequantizeLinear");
        else
            node.Call(ModelFunctions.DequantizeLinear(node.Opset));
    }

    private static void Quantize(NodeWriter node, QuantizeLinear op)
    {
        IntegerRange range = IntegerRange.Of(op.Target);
        node.Call(
            ModelFunctions.QuantizeLinear(node.Opset),
            Int("to", (int)TensorEncoder.DataTypeOf(op.Target)), Float("lowest", range.Minimum), Float("highest", range.Maximum));
    }
}
