namespace PrivateInference.IR.Operations;

/// <summary>Maximum over windows of X[N, C, spatial…]. Padding never wins.</summary>
public sealed record MaxPool(SpatialWindow Window, bool CeilMode = false) : Operation
{
    public override string Name => "maxpool";

    public override IEnumerable<(string Name, string Value)> Attributes => [.. Window.Attributes, ("ceil", AttributeText.Of(CeilMode))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        return inputs[0].WithShape(Window.OutputShape(x, x.Rank < 2 ? 0 : x[1], CeilMode, Name));
    }
}
