using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;

namespace PrivateInference.Frontend.Shapes;

/// <summary>
/// Which operations on known tensors are computed while importing: the shape arithmetic that exporters emit, and
/// weights that a node wants transposed or scaled. Everything else is left to the passes.
/// </summary>
internal static class ConstantFolding
{
    public static bool Applies(Operation operation)
        => SharesData(operation) || operation is Cast or Transpose or Slice or Concat or Gather or Pad or Binary or Unary or Compare or Logical or Where
            or Reduce or CumSum or TopK or ArgMax or QuantizeLinear or DequantizeLinear;

    /// <summary>Whether the result is the operand's data under another name, so that it takes no memory.</summary>
    public static bool SharesData(Operation operation) => operation is Reshape or Identity or Dropout;

    /// <exception cref="GraphException">The operands do not fit, or an index is out of range.</exception>
    public static Tensor Evaluate(Operation operation, IReadOnlyList<Tensor> inputs) => FloatInterpreter.Evaluate(operation, inputs);
}
