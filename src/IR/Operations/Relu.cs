namespace PrivateInference.IR.Operations;

/// <summary>max(x, 0), element-wise.</summary>
public sealed record Relu : Operation
{
    public override string Name => "relu";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0];
    }
}
