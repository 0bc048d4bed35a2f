namespace PrivateInference.IR.Operations;

/// <summary>How a <see cref="Reduce"/> operation combines elements.</summary>
public enum ReduceKind
{
    Sum,
    Mean,
    Max,
    Min,
    Prod,

    /// <summary>Σ |x|</summary>
    L1,

    /// <summary>√Σ x²</summary>
    L2,

    /// <summary>Σ x²</summary>
    SumSquare,

    /// <summary>ln Σ x</summary>
    LogSum,

    /// <summary>ln Σ eˣ</summary>
    LogSumExp,
}
