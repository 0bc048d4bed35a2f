namespace PrivateInference.IR.Operations;

/// <summary>x where x &gt; Alpha, else 0.</summary>
public sealed record ThresholdedRelu(float Alpha) : ElementwiseFunction
{
    public override string Name => "thresholdedrelu";

    public override IEnumerable<(string Name, string Value)> Attributes => [("alpha", AttributeText.Of(Alpha))];
}
