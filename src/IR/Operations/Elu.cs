namespace PrivateInference.IR.Operations;

/// <summary>
/// Gamma·x where x &gt; 0, else Gamma·Alpha·(exp(x / Width) − 1). ONNX Selu imports with its Gamma, Celu with Width = Alpha.
/// </summary>
public sealed record Elu(float Alpha, float Gamma = 1, float Width = 1) : ElementwiseFunction
{
    public override string Name => "elu";

    public override IEnumerable<(string Name, string Value)> Attributes =>
        [("alpha", AttributeText.Of(Alpha)), ("gamma", AttributeText.Of(Gamma)), ("width", AttributeText.Of(Width))];
}
