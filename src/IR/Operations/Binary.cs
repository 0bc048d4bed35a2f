namespace PrivateInference.IR.Operations;

/// <summary>Element-wise arithmetic of two values with broadcasting.</summary>
public sealed record Binary(BinaryKind Kind) : Operation
{
    public override string Name => Kind.ToString().ToLowerInvariant();

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        if (inputs[0].Element != inputs[1].Element)
            throw new GraphException($"'{Name}' of {inputs[0]} and {inputs[1]} mixes element types.");
        return inputs[0].WithShape(Shape.Broadcast(inputs[0].Shape, inputs[1].Shape));
    }
}
