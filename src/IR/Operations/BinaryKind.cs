namespace PrivateInference.IR.Operations;

/// <summary>The arithmetic of a <see cref="Binary"/> operation.</summary>
public enum BinaryKind
{
    Add,
    Sub,
    Mul,
    Div,
}
