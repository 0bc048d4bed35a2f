namespace PrivateInference.IR.Operations;

/// <summary>x·min(max(x/6 + 1/2, 0), 1).</summary>
public sealed record HardSwish : ElementwiseFunction
{
    public override string Name => "hardswish";
}
