namespace PrivateInference.IR.Operations;

/// <summary>The index of the largest element along an axis (non-negative); of equals the first, or the last when asked.</summary>
public sealed record ArgMax(int Axis, bool KeepDimensions = true, bool SelectLast = false) : Operation
{
    public override string Name => "argmax";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("axis", AttributeText.Of(Axis)), ("keepdims", AttributeText.Of(KeepDimensions)), ("last", AttributeText.Of(SelectLast))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (Axis < 0 || Axis >= x.Rank || x[Axis] == 0)
            throw new GraphException($"No largest element along axis {Axis} of {x}.");
        ReadOnlySpan<int> before = x.Dimensions.AsSpan()[..Axis], after = x.Dimensions.AsSpan()[(Axis + 1)..];
        Shape shape = KeepDimensions ? new Shape([.. before, 1, .. after]) : new Shape([.. before, .. after]);
        return new TensorType(ElementType.Int64, shape);
    }
}
