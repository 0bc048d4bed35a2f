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
                WriteReshape(node, op.Target);
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

    /// <summary>A first axis that stays is copied (0), so that the file works for other numbers of samples, too.</summary>
    private static void WriteReshape(NodeWriter node, Shape target)
    {
        Shape x = node.Inputs[0].Shape;
        bool keepsFirst = x.Rank > 0 && target.Rank > 0 && x[0] == target[0];
        if (target.Count == 0)
            node.Write("Reshape", [node.Operands[0], node.Integers("shape", target.Dimensions)], Flag("allowzero", true));
        else
            node.Write("Reshape", [node.Operands[0], node.Integers("shape", keepsFirst ? [0, .. target.Dimensions.Skip(1)] : target.Dimensions)]);
    }

    /// <summary>Names the axes that lose elements or change their order; all of them where none does.</summary>
    private static void WriteSlice(NodeWriter node, Slice op)
    {
        // A negative end counts from the end of the axis; the smallest number is before the first element.
        int[] ends = new int[op.Starts.Count];
        for (int axis = 0; axis < ends.Length; axis++)
        {
            long end = op.Starts[axis] + ((long)op.Sizes[axis] * op.Steps[axis]);
            ends[axis] = end < 0 ? int.MinValue : (int)Math.Min(end, int.MaxValue);
        }

        Shape x = node.Inputs[0].Shape;
        int[] all = [.. Enumerable.Range(0, x.Rank)], axes = [.. all.Where(axis => op.Sizes[axis] != x[axis] || op.Steps[axis] != 1)];
        axes = axes.Length > 0 ? axes : all;
        node.Write("Slice", [
            node.Operands[0], node.Integers("starts", axes.Select(axis => op.Starts[axis])), node.Integers("ends", axes.Select(axis => ends[axis])),
            node.Integers("axes", axes), node.Integers("steps", axes.Select(axis => op.Steps[axis])),
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
