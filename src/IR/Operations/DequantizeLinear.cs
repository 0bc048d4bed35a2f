namespace PrivateInference.IR.Operations;

/// <summary>
/// (x − zeroPoint)·scale. Inputs: integers X, floating point scale, and the zero point of X's type; the latter two
/// broadcast to X.
/// </summary>
public sealed record DequantizeLinear : Operation
{
    public override string Name => "dequantize";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 3);
        Shape x = inputs[0].Shape;
        bool typed = !inputs[0].IsFloat && inputs[1].IsFloat && inputs[2].Element == inputs[0].Element;
        if (!typed || Shape.Broadcast(x, inputs[1].Shape) != x || Shape.Broadcast(x, inputs[2].Shape) != x)
            throw new GraphException($"{inputs[0]} cannot be dequantised by scale {inputs[1]} and zero point {inputs[2]}.");
        return new TensorType(inputs[1].Element, x);
    }
}
