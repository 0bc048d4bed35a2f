namespace PrivateInference.IR.Operations;

/// <summary>x / (Bias + Alpha/Size · Σ x²)^Beta, the sum over Size neighbouring channels (axis 1) of X[N, C, …].</summary>
public sealed record LocalResponseNormalization(int Size, float Alpha, float Beta, float Bias) : Operation
{
    public override string Name => "lrn";

    public override IEnumerable<(string Name, string Value)> Attributes =>
    [
        ("size", AttributeText.Of(Size)), ("alpha", AttributeText.Of(Alpha)),
        ("beta", AttributeText.Of(Beta)), ("bias", AttributeText.Of(Bias)),
    ];

    public override TensorType InferType(IReadOnlyList<TensorType> inputs)
    {
        RequireInputs(inputs, 1);
        return inputs[0].IsFloat && inputs[0].Shape.Rank >= 2 && Size > 0
            ? inputs[0]
            : throw new GraphException($"Normalisation of {inputs[0]} over {Size} channels has no meaning.");
    }
}
