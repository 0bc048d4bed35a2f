namespace PrivateInference.IR.Operations;

/// <summary>The value itself.</summary>
public sealed record Identity : Operation
{
    public override string Name => "identity";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0];
    }
}
