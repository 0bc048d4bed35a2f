namespace PrivateInference.IR.Operations;

/// <summary>A tensor known at compile time: a weight, a bias, a shape.</summary>
public sealed record Constant(Tensor Tensor) : Operation
{
    public override string Name => "constant";

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 0);
        return Tensor.Type;
    }
}
