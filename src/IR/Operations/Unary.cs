namespace PrivateInference.IR.Operations;

/// <summary>An element-wise function without parameters.</summary>
public sealed record Unary(UnaryKind Kind) : Operation
{
    public override string Name => Kind.ToString().ToLowerInvariant();

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        bool fits = Kind switch
        {
            UnaryKind.Not => inputs[0].Element is ElementType.Bool,
            UnaryKind.Abs or UnaryKind.Neg or UnaryKind.Sign => inputs[0].Element is not ElementType.Bool,
            _ => inputs[0].IsFloat,
        };
        return fits ? inputs[0] : throw new GraphException($"'{Name}' has no meaning for {inputs[0]}.");
    }
}
