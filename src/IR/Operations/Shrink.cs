namespace PrivateInference.IR.Operations;

/// <summary>x + Bias where x &lt; −Lambda, x − Bias where x &gt; Lambda, else 0.</summary>
public sealed record Shrink(float Lambda, float Bias) : ElementwiseFunction
{
    public override string Name => "shrink";

    public override IEnumerable<(string Name, string Value)> Attributes => [("lambda", AttributeText.Of(Lambda)), ("bias", AttributeText.Of(Bias))];
}
