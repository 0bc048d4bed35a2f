namespace PrivateInference.IR.Operations;

/// <summary>A function of one floating point value, applied to each element.</summary>
public abstract record ElementwiseFunction : Operation
{
    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0].IsFloat ? inputs[0] : throw new GraphException($"'{Name}' works on floating point elements, not on {inputs[0]}.");
    }
}
