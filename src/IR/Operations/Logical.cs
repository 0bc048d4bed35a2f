namespace PrivateInference.IR.Operations;

/// <summary>A connective of two boolean values, element-wise with broadcasting.</summary>
public sealed record Logical(LogicalKind Kind) : Operation
{
    public override string Name => Kind.ToString().ToLowerInvariant();

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        if (inputs.Any(i => i.Element is not ElementType.Bool))
            throw new GraphException($"'{Name}' connects booleans, not {inputs[0]} and {inputs[1]}.");
        return inputs[0].WithShape(Shape.Broadcast(inputs[0].Shape, inputs[1].Shape));
    }
}
