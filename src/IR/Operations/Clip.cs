namespace PrivateInference.IR.Operations;

/// <summary>min(max(x, Minimum), Maximum), element-wise; infinite bounds are absent bounds. ReLU6 is Clip(0, 6).</summary>
public sealed record Clip(float Minimum, float Maximum) : Operation
{
    public override string Name => "clip";

    public override IEnumerable<(string Name, string Value)> Attributes => [("min", AttributeText.Of(Minimum)), ("max", AttributeText.Of(Maximum))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0];
    }
}
