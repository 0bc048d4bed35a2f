namespace PrivateInference.IR.Operations;

/// <summary>The relation of a <see cref="Compare"/> operation.</summary>
public enum CompareKind
{
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
