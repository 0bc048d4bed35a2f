using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Changes of shape and order, and selections by position.</summary>
internal static class LayoutWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case Reshape op:
                string shape = node.Integers("shape", op.Target.Dimensions);
                node.Write("Reshape", [node.Operands[0], shape], op.Target.Count == 0 ? [Flag("allowzero", true)] : []);
                break;
            case Transpose op:
                node.Write("Transpose", Ints("perm", op.Permutation));
                break;
            case Slice op:
                WriteSlice(node, op);
                break;
            case Pad op:
                string pads = node.Integers("pads", op.Pads);
                node.Write("Pad", op.Value == 0 ? [node.Operands[0], pads] : [node.Operands[0], pads, node.Scalar("value", op.Value)]);
                break;
            case Concat op:
                node.Write("Concat", Int("axis", op.Axis));
                break;
            case Gather op:
                WriteGather(node, op);
                break;
            default:
                throw new InvalidOperationException($"'{node.Operation.Name}' does not change the layout.");
        }
    }

    private static void WriteSlice(NodeWriter node, Slice op)
    {
        // A negative end counts from the end of the axis; the smallest number is before the first element.
        int[] ends = new int[op.Starts.Count];
        for (int axis = 0; axis < ends.Length; axis++)
        {
            long end = op.Starts[axis] + ((long)op.Sizes[axis] * op.Steps[axis]);
            ends[axis] = end < 0 ? int.MinValue : (int)Math.Min(end, int.MaxValue);
        }

        node.Write("Slice", [
            node.Operands[0], node.Integers("starts", op.Starts), node.Integers("ends", ends),
            node.Integers("axes", Enumerable.Range(0, ends.Length)), node.Integers("steps", op.Steps),
        ]);
    }

    /// <summary>ONNX's positions have 32 or 64 bits.</summary>
    private static void WriteGather(NodeWriter node, Gather op)
    {
        string positions = node.Inputs[1].Type.Element is ElementType.Int32 or ElementType.Int64
            ? node.Operands[1]
            : node.Step("positions", "Cast", [node.Operands[1]], Int("to", (int)TensorEncoder.DataTypeOf(ElementType.Int64)));
        node.Write("Gather", [node.Operands[0], positions], Int("axis", op.Axis));
    }
}
