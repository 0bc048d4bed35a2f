namespace PrivateInference.IR.Operations;

/// <summary>x / (Σ|x|^P)^(1/P) along an axis; 0 where the norm is 0. P is 1 or 2.</summary>
public sealed record LpNormalization(int Axis, int P) : AxisFunction(Axis)
{
    public override string Name => "lpnorm";

    public override IEnumerable<(string Name, string Value)> Attributes => [.. base.Attributes, ("p", AttributeText.Of(P))];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
        => P is 1 or 2 ? base.InferType(inputs) : throw new GraphException($"Normalisation by the norm of order {P} has no meaning.");
}
