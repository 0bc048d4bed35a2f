namespace PrivateInference.IR.Operations;

/// <summary>1 at the first largest element along an axis, else 0.</summary>
public sealed record Hardmax(int Axis) : AxisFunction(Axis)
{
    public override string Name => "hardmax";
}
