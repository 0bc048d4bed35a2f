using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Arithmetic, comparisons and conversions of single elements. Most operators have their kind's name.</summary>
internal static class ArithmeticWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case Unary op:
                node.Write(op.Kind.ToString());
                break;
            case Binary { Kind: BinaryKind.Fmod }:
                node.Write("Mod", Flag("fmod", true));
                break;
            case Binary { Kind: BinaryKind.Mod } when node.Inputs[0].Type.IsFloat:
                WriteRealModulo(node);
                break;
            case Binary op:
                node.Write(op.Kind.ToString());
                break;
            case Compare op:
                node.Write(op.Kind.ToString());
                break;
            case Logical op:
                node.Write(op.Kind.ToString());
                break;
            case Cast op:
                node.Write("Cast", Int("to", (int)TensorEncoder.DataTypeOf(op.Target)));
                break;
            default:
                node.Write("Where");
                break;
        }
    }

    /// <summary>ONNX defines the remainder that has the divisor's sign for integers only. It is x − y·⌊x/y⌋.</summary>
    private static void WriteRealModulo(NodeWriter node)
    {
        string quotient = node.Step("quotient", "Div", node.Operands);
        string whole = node.Step("whole", "Floor", [quotient]);
        string multiple = node.Step("multiple", "Mul", [node.Operands[1], whole]);
        node.Write("Sub", [node.Operands[0], multiple]);
    }
}
