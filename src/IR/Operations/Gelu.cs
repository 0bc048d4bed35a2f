namespace PrivateInference.IR.Operations;

/// <summary>x·Φ(x), Φ the normal distribution function; by the error function, or approximated by tanh.</summary>
public sealed record Gelu(bool Tanh = false) : ElementwiseFunction
{
    public override string Name => "gelu";

    public override IEnumerable<(string Name, string Value)> Attributes => [("tanh", AttributeText.Of(Tanh))];
}
