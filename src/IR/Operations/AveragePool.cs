namespace PrivateInference.IR.Operations;

/// <summary>
/// Mean over windows of X[N, C, spatial…]. Padding counts in the divisor when <paramref name="CountIncludePad"/> is set.
/// ONNX GlobalAveragePool imports as a window over the whole image.
/// </summary>
public sealed record AveragePool(SpatialWindow Window, bool CeilMode = false, bool CountIncludePad = false) : Operation
{
    public override string Name => "avgpool";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [.. Window.Attributes, ("ceil", AttributeText.Of(CeilMode)), ("count_include_pad", AttributeText.Of(CountIncludePad))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        return inputs[0].WithShape(Window.OutputShape(x, x.Rank < 2 ? 0 : x[1], CeilMode, Name));
    }
}
