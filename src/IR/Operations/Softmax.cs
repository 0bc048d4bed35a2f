namespace PrivateInference.IR.Operations;

/// <summary>exp(x) / Σ exp(x) along an axis (non-negative); with <paramref name="Flatten"/>, over that axis and all after it (opset &lt; 13).</summary>
public sealed record Softmax(int Axis, bool Flatten = false) : Operation
{
    public override string Name => "softmax";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("axis", AttributeText.Of(Axis)), .. Flatten ? new[] { ("flatten", "true") } : []];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        if (Axis < 0 || Axis >= inputs[0].Shape.Rank)
            throw new GraphException($"Axis {Axis} is out of range for {inputs[0].Shape}.");
        return inputs[0];
    }
}
