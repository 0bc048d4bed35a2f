namespace PrivateInference.IR.Operations;

/// <summary>
/// Where in X[N, C, spatial…] each maximum of a <see cref="MaxPool"/> lies: the flat index of the first one, the spatial
/// axes counted last to first when <paramref name="ColumnMajor"/>.
/// </summary>
public sealed record MaxPoolIndices(SpatialWindow Window, bool CeilMode = false, bool ColumnMajor = false) : Operation
{
    public override string Name => "maxpool_indices";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [.. Window.Attributes, ("ceil", AttributeText.Of(CeilMode)), ("column_major", AttributeText.Of(ColumnMajor))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
        => new MaxPool(Window, CeilMode).InferType(inputs) with { Element = ElementType.Int64 };
}
