namespace PrivateInference.IR.Execution;

/// <summary>Arithmetic of 64-bit integers as ONNX defines it. Results wrap around.</summary>
internal static class IntegerArithmetic
{
    /// <summary>Division that truncates toward zero; the most negative number over −1 wraps like every other overflow.</summary>
    /// <exception cref="GraphException">The divisor is 0.</exception>
    public static long Divide(long a, long b) => b switch
    {
        0 => throw new GraphException("Division of an integer by zero."),
        -1 => unchecked(-a),
        _ => a / b,
    };

    /// <summary>The remainder that has the dividend's sign.</summary>
    /// <exception cref="GraphException">The divisor is 0.</exception>
    public static long Remainder(long a, long b) => b switch
    {
        0 => throw new GraphException("Remainder of an integer by zero."),
        -1 => 0,
        _ => a % b,
    };

    /// <summary>The remainder that has the divisor's sign.</summary>
    /// <exception cref="GraphException">The divisor is 0.</exception>
    public static long Modulo(long a, long b)
    {
        long remainder = Remainder(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
    }

    /// <summary>A negative power is the truncated fraction: 0, except of 1 and −1.</summary>
    public static long Power(long a, long exponent)
    {
        if (exponent < 0)
            return a is 1 or -1 ? Power(a, -(exponent % 2)) : 0;
        long result = 1;
        for (; exponent > 0; exponent >>= 1, a = unchecked(a * a))
            result = (exponent & 1) != 0 ? unchecked(result * a) : result;
        return result;
    }
}
