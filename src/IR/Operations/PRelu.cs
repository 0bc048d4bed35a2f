namespace PrivateInference.IR.Operations;

/// <summary>x where x ≥ 0, else slope·x. Inputs: X, slope, which broadcasts to X.</summary>
public sealed record PRelu : Operation
{
    public override string Name => "prelu";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 2);
        if (inputs[0].Element != inputs[1].Element || Shape.Broadcast(inputs[0].Shape, inputs[1].Shape) != inputs[0].Shape)
            throw new GraphException($"A slope of {inputs[1]} does not fit {inputs[0]}.");
        return inputs[0];
    }
}
