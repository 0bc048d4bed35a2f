using PrivateInference.Frontend.Schema;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Pooling over windows. Attributes that older operator sets lack are written where they say something.</summary>
internal static class PoolingWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case MaxPool op:
                node.Write("MaxPool", [.. WindowWriter.Attributes(op.Window), .. Dilations(op.Window), Flag("ceil_mode", op.CeilMode)]);
                break;
            case MaxPoolIndices op:
                node.WriteSecond(
                    "MaxPool", node.Operands,
                    [.. WindowWriter.Attributes(op.Window), .. Dilations(op.Window), Flag("ceil_mode", op.CeilMode), Flag("storage_order", op.ColumnMajor)]);
                break;
            case AveragePool op:
                node.Write(
                    "AveragePool",
                    [.. WindowWriter.Attributes(op.Window), .. Dilations(op.Window), Flag("ceil_mode", op.CeilMode), Flag("count_include_pad", op.CountIncludePad)]);
                break;
            case LpPool op:
                AttributeProto[] ceil = op.CeilMode ? [Flag("ceil_mode", true)] : [];
                node.Write("LpPool", [.. WindowWriter.Attributes(op.Window), .. Dilations(op.Window), .. ceil, Int("p", op.P)]);
                break;
            default:
                throw new InvalidOperationException($"'{node.Operation.Name}' does not pool.");
        }
    }

    private static AttributeProto[] Dilations(SpatialWindow window)
        => window.Dilations.All(1) ? [] : [Ints("dilations", window.Dilations)];
}
