namespace PrivateInference.IR.Operations;

/// <summary>Dropout at inference time: the value itself.</summary>
public sealed record Dropout : Operation
{
    public override string Name => "dropout";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0];
    }
}
