namespace PrivateInference.IR.Operations;

/// <summary>x − log Σ exp(x) along an axis.</summary>
public sealed record LogSoftmax(int Axis) : AxisFunction(Axis)
{
    public override string Name => "logsoftmax";
}
