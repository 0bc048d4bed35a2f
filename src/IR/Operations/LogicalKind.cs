namespace PrivateInference.IR.Operations;

/// <summary>The connective of a <see cref="Logical"/> operation.</summary>
public enum LogicalKind
{
    And,
    Or,
    Xor,
}
