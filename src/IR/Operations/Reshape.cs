namespace PrivateInference.IR.Operations;

/// <summary>The same elements under another shape. Flatten, Squeeze and Unsqueeze import as this.</summary>
public sealed record Reshape(Shape Target) : Operation
{
    public override string Name => "reshape";

    public override IEnumerable<(string Name, string Value)> Attributes => [("shape", Target.ToString())];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        if (inputs[0].Shape.Count != Target.Count)
            throw new GraphException($"{inputs[0]} cannot be reshaped to {Target}: {inputs[0].Shape.Count} elements are not {Target.Count}.");
        return inputs[0].WithShape(Target);
    }
}
