using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using static PrivateInference.Frontend.Exporting.ExportAttribute;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Element-wise non-linear functions.</summary>
internal static class ActivationWriter
{
    public static void Write(NodeWriter node)
    {
        switch (node.Operation)
        {
            case LeakyRelu op:
                node.Write("LeakyRelu", Float("alpha", op.Alpha));
                break;
            case Elu op:
                WriteElu(node, op);
                break;
            case ThresholdedRelu op:
                node.Write("ThresholdedRelu", Float("alpha", op.Alpha));
                break;
            case Shrink op:
                node.Write("Shrink", Float("lambd", op.Lambda), Float("bias", op.Bias));
                break;
            case HardSigmoid op:
                node.Write("HardSigmoid", Float("alpha", op.Alpha), Float("beta", op.Beta));
                break;
            case Gelu op:
                node.Write("Gelu", Text("approximate", op.Tanh ? "tanh" : "none"));
                break;
            case Clip op:
                WriteClip(node, op);
                break;
            case DRelu:
                WriteDRelu(node);
                break;
            case RandomFlip op:
                WriteRandomFlip(node, op);
                break;
            case Polynomial op:
                WritePolynomial(node, op);
                break;
            default:
                // Without attributes, the operator has the operation's name.
                node.Write(node.Operation.GetType().Name);
                break;
        }
    }

    /// <summary>Elu, Celu and Selu are special cases; with z = x/Width the rest is Selu(z) of α/Width and γ·Width.</summary>
    private static void WriteElu(NodeWriter node, Elu op)
    {
        if (op is { Width: 1, Gamma: 1 })
        {
            node.Write("Elu", Float("alpha", op.Alpha));
        }
        else if (op.Width == op.Alpha && op.Gamma == 1 && node.Inputs[0].Type.Element == ElementType.Float32)
        {
            node.Write("Celu", Float("alpha", op.Alpha));
        }
        else
        {
            string operand = op.Width == 1 ? node.Operands[0] : node.Step("narrowed", "Div", [node.Operands[0], node.Scalar("width", op.Width)]);
            node.Write("Selu", [operand], Float("alpha", op.Alpha / op.Width), Float("gamma", op.Gamma * op.Width));
        }
    }

    /// <summary>An infinite bound is absent.</summary>
    private static void WriteClip(NodeWriter node, Clip op)
    {
        bool real = node.Inputs[0].Type.IsFloat;
        string minimum = float.IsNegativeInfinity(op.Minimum) ? "" : node.Scalar("min", real ? op.Minimum : MathF.Ceiling(op.Minimum));
        string maximum = float.IsPositiveInfinity(op.Maximum) ? "" : node.Scalar("max", real ? op.Maximum : MathF.Floor(op.Maximum));
        node.Write("Clip", (minimum, maximum) switch
        {
            ("", "") => node.Operands,
            (_, "") => [node.Operands[0], minimum],
            _ => [node.Operands[0], minimum, maximum],
        });
    }

    private static void WriteDRelu(NodeWriter node)
    {
        ElementType element = node.Inputs[0].Type.Element;
        if (element == ElementType.Float32)
            node.Call(ModelFunctions.DRelu(node.Opset));
        else
            node.Call(ModelFunctions.DRelu(node.Opset), Int("to", (int)TensorEncoder.DataTypeOf(element)));
    }

    /// <summary>Which decisions a seed turns round is written out as a tensor; without a seed none are, as in the interpreter.</summary>
    private static void WriteRandomFlip(NodeWriter node, RandomFlip op)
    {
        TensorType type = node.Inputs[0].Type;
        Tensor turned = FloatInterpreter.Evaluate(op, [Tensor.FromFloats(type, new float[type.Shape.Count])]);
        node.Call(
            ModelFunctions.RandomFlip(node.Opset),
            [node.Operands[0], node.Constant("turned", turned)],
            Float("probability", op.Probability),
            Flag("seeded", op.Seed is not null),
            Int("seed", op.Seed ?? 0));
    }

    /// <summary>The coefficients of one power have one axis, which is to stand where the value's is.</summary>
    private static void WritePolynomial(NodeWriter node, Polynomial op)
    {
        (Shape x, Shape coefficients) = (node.Inputs[0].Shape, node.Inputs[1].Shape);
        int[] column = [coefficients[0], .. IntVector.Repeat(1, x.Rank - op.Axis - 1)];
        AttributeProto[] fitted = op.Fitted is { } interval ? [Floats("fitted", [(float)interval.Minimum, (float)interval.Maximum])] : [];
        node.Call(ModelFunctions.Polynomial(coefficients[1] - 1, node.Opset), [Int("axis", op.Axis), Ints("column", column), .. fitted]);
    }
}
