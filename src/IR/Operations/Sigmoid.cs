namespace PrivateInference.IR.Operations;

/// <summary>1 / (1 + exp(−x)).</summary>
public sealed record Sigmoid : ElementwiseFunction
{
    public override string Name => "sigmoid";
}
