namespace PrivateInference.IR.Operations;

/// <summary>x where x ≥ 0, else Alpha·x.</summary>
public sealed record LeakyRelu(float Alpha) : ElementwiseFunction
{
    public override string Name => "leakyrelu";

    public override IEnumerable<(string Name, string Value)> Attributes => [("alpha", AttributeText.Of(Alpha))];
}
