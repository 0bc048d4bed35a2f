namespace PrivateInference.IR.Operations;

/// <summary>Conversion to another element type.</summary>
public sealed record Cast(ElementType Target) : Operation
{
    public override string Name => "cast";

    public override IEnumerable<(string Name, string Value)> Attributes => [("to", $"{Target}")];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return new TensorType(Target, inputs[0].Shape);
    }
}
