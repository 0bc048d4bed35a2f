using PrivateInference.IR;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Operators that combine, or choose among, the elements along axes.</summary>
internal static class ReductionWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case Reduce { Axes.Count: 0 } op:
                WriteOfNothing(node, op.Kind);
                break;
            case Reduce op:
                WriteReduce(node, op);
                break;
            case ArgMax op:
                node.Write("ArgMax", Int("axis", op.Axis), Flag("keepdims", op.KeepDimensions), Flag("select_last_index", op.SelectLast));
                break;
            case TopK op:
                WriteTopK(node, op);
                break;
            case CumSum op:
                string axis = node.Constant("axis", Tensor.FromInt64(op.Axis).Reshape(Shape.Scalar));
                node.Write("CumSum", [node.Operands[0], axis], Flag("exclusive", op.Exclusive), Flag("reverse", op.Reverse));
                break;
            default:
                throw new InvalidOperationException($"'{node.Operation.Name}' does not reduce.");
        }
    }

    /// <summary>The axes are an attribute of most reductions before operator set 18.</summary>
    private static void WriteReduce(NodeWriter node, Reduce op)
    {
        string name = $"Reduce{op.Kind}";
        if (op.Kind is ReduceKind.Sum || node.Opset >= RequiredOpset.AxesAsInput)
            node.Write(name, [node.Operands[0], node.Integers("axes", op.Axes)], Flag("keepdims", op.KeepDimensions));
        else
            node.Write(name, Ints("axes", op.Axes), Flag("keepdims", op.KeepDimensions));
    }

    /// <summary>Every element is reduced by itself. ONNX takes an empty list of axes for all of them.</summary>
    private static void WriteOfNothing(NodeWriter node, ReduceKind kind)
    {
        switch (kind)
        {
            case ReduceKind.L1 or ReduceKind.L2:
                node.Write("Abs");
                break;
            case ReduceKind.SumSquare:
                node.Write("Mul", [node.Operands[0], node.Operands[0]]);
                break;
            case ReduceKind.LogSum:
                node.Write("Log");
                break;
            default:
                node.Write("Identity");
                break;
        }
    }

    private static void WriteTopK(NodeWriter node, TopK op)
    {
        string[] operands = [node.Operands[0], node.Integers("k", [op.K])];
        if (op.Positions)
            node.WriteSecond("TopK", operands, Int("axis", op.Axis), Flag("largest", op.Largest));
        else
            node.WriteFirst("TopK", operands, Int("axis", op.Axis), Flag("largest", op.Largest));
    }
}
