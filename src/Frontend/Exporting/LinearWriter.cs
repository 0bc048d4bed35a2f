using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Convolution and matrix product.</summary>
internal static class LinearWriter
{
    public static void Write(NodeWriter node)
    {
        if (node.Operation is not Conv conv)
            node.Write("MatMul");
        else if (node.Inputs[0].Type.IsFloat)
            node.Write("Conv", [.. WindowWriter.Attributes(conv.Window), Ints("dilations", conv.Window.Dilations), Int("group", conv.Groups)]);
        else
            node.Refuse($"ONNX convolves floating point numbers, not {node.Inputs[0].Type}. Export the model that was not quantised yet.");
    }
}
