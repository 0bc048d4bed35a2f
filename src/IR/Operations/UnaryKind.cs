namespace PrivateInference.IR.Operations;

/// <summary>The function of a <see cref="Unary"/> operation.</summary>
public enum UnaryKind
{
    Abs,
    Neg,
    Sign,

    /// <summary>Negation of a boolean.</summary>
    Not,

    Floor,
    Ceil,

    /// <summary>To the nearest integer; halves to the even one.</summary>
    Round,

    Sqrt,
    Reciprocal,
    Exp,
    Log,
    Erf,
    Tanh,

    /// <summary>log(1 + exp(x)).</summary>
    Softplus,

    /// <summary>x / (1 + |x|).</summary>
    Softsign,

    /// <summary>x·tanh(softplus(x)).</summary>
    Mish,

    Sin,
    Cos,
    Tan,
    Asin,
    Acos,
    Atan,
    Sinh,
    Cosh,
    Asinh,
    Acosh,
    Atanh,
}
