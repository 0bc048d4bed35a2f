namespace PrivateInference.IR.Operations;

/// <summary>Whether two values stand in a relation, element-wise with broadcasting. Nothing equals a NaN.</summary>
public sealed record Compare(CompareKind Kind) : Operation
{
    public override string Name => Kind.ToString().ToLowerInvariant();

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        if (inputs[0].Element != inputs[1].Element)
            throw new GraphException($"'{Name}' of {inputs[0]} and {inputs[1]} mixes element types.");
        return new TensorType(ElementType.Bool, Shape.Broadcast(inputs[0].Shape, inputs[1].Shape));
    }
}
