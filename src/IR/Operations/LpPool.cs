namespace PrivateInference.IR.Operations;

/// <summary>(Σ|x|^P)^(1/P) over windows of X[N, C, spatial…].</summary>
public sealed record LpPool(SpatialWindow Window, int P = 2, bool CeilMode = false) : Operation
{
    public override string Name => "lppool";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [.. Window.Attributes, ("p", AttributeText.Of(P)), ("ceil", AttributeText.Of(CeilMode))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        Shape x = inputs[0].Shape;
        if (P < 1 || !inputs[0].IsFloat)
            throw new GraphException($"A norm of order {P} over windows of {inputs[0]} has no meaning.");
        return inputs[0].WithShape(Window.OutputShape(x, x.Rank < 2 ? 0 : x[1], CeilMode, Name));
    }
}
