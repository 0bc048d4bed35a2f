namespace PrivateInference.IR.Operations;

/// <summary>
/// saturate(round(x / scale) + zeroPoint), rounding halves to even. Inputs: X, scale, and the zero point of the target
/// type; the latter two broadcast to X.
/// </summary>
public sealed record QuantizeLinear(ElementType Target) : Operation
{
    public override string Name => "quantize";

    public override IEnumerable<(string Name, string Value)> Attributes => [("to", $"{Target}")];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 3);
        Shape x = inputs[0].Shape;
        bool typed = inputs[0].IsFloat && inputs[1].IsFloat && inputs[2].Element == Target && !inputs[2].IsFloat;
        if (!typed || Shape.Broadcast(x, inputs[1].Shape) != x || Shape.Broadcast(x, inputs[2].Shape) != x)
            throw new GraphException($"{inputs[0]} cannot be quantised to {Target} by scale {inputs[1]} and zero point {inputs[2]}.");
        return new TensorType(Target, x);
    }
}
