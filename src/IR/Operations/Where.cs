namespace PrivateInference.IR.Operations;

/// <summary>Elements of input 1 where the condition, input 0, holds, and of input 2 elsewhere; with broadcasting.</summary>
public sealed record Where : Operation
{
    public override string Name => "where";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 3);
        if (inputs[0].Element is not ElementType.Bool || inputs[1].Element != inputs[2].Element)
            throw new GraphException($"A choice between {inputs[1]} and {inputs[2]} by {inputs[0]} has no meaning.");
        return inputs[1].WithShape(Shape.Broadcast(inputs[0].Shape, Shape.Broadcast(inputs[1].Shape, inputs[2].Shape)));
    }
}
