namespace PrivateInference.IR.Operations;

/// <summary>The arithmetic of a <see cref="Binary"/> operation.</summary>
public enum BinaryKind
{
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
    Pow,

    /// <summary>The remainder that has the divisor's sign.</summary>
    Mod,

    /// <summary>The remainder that has the dividend's sign.</summary>
    Fmod,
}
