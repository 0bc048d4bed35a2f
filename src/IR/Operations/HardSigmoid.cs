namespace PrivateInference.IR.Operations;

/// <summary>min(max(Alpha·x + Beta, 0), 1).</summary>
public sealed record HardSigmoid(float Alpha, float Beta) : ElementwiseFunction
{
    public override string Name => "hardsigmoid";

    public override IEnumerable<(string Name, string Value)> Attributes => [("alpha", AttributeText.Of(Alpha)), ("beta", AttributeText.Of(Beta))];
}
