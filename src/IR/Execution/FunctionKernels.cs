using PrivateInference.IR.Operations;

namespace PrivateInference.IR.Execution;

/// <summary>Functions of one value: activations and mathematical functions.</summary>
internal static class FunctionKernels
{
    public static Tensor Evaluate(ElementwiseFunction function, Tensor x) => ElementwiseKernels.MapFloats(x, Function(function));

    public static Tensor Evaluate(UnaryKind kind, Tensor x)
        => x.Type.IsFloat ? ElementwiseKernels.MapFloats(x, Function(kind)) : ElementwiseKernels.MapIntegers(x, IntegerFunction(kind));

    public static Tensor PRelu(Tensor x, Tensor slope)
    {
        Tensor slopes = LayoutKernels.Broadcast(slope, x.Shape);
        return x.Type.IsFloat
            ? ElementwiseKernels.ZipFloats(x, slopes, x.Type, static (v, s) => v < 0 ? v * s : v)
            : ElementwiseKernels.ZipIntegers(x, slopes, x.Type, static (v, s) => v < 0 ? v * s : v);
    }

    private static Func<float, float> Function(ElementwiseFunction function) => function switch
    {
        DRelu => static x => x >= 0 ? 1 : 0,
        LeakyRelu f => x => x < 0 ? f.Alpha * x : x,
        Elu f => x => f.Gamma * (x > 0 ? x : f.Alpha * (MathF.Exp(x / f.Width) - 1)),
        ThresholdedRelu f => x => x > f.Alpha ? x : 0,
        Shrink f => x => x < -f.Lambda ? x + f.Bias : x > f.Lambda ? x - f.Bias : 0,
        HardSigmoid f => x => Saturated((f.Alpha * x) + f.Beta),
        HardSwish => static x => x * Saturated((x / 6) + 0.5f),
        Sigmoid => static x => 1 / (1 + MathF.Exp(-x)),
        Gelu { Tanh: true } => static x => 0.5f * x * (1 + MathF.Tanh(0.7978845608f * (x + (0.044715f * x * x * x)))),
        Gelu => static x => (float)(0.5 * x * (1 + SpecialFunctions.Erf(x / Math.Sqrt(2)))),
        _ => throw new GraphException($"The interpreter has no kernel for '{function.Name}'."),
    };

    private static Func<float, float> Function(UnaryKind kind) => kind switch
    {
        UnaryKind.Abs => MathF.Abs,
        UnaryKind.Neg => static x => -x,
        UnaryKind.Sign => static x => x > 0 ? 1 : x < 0 ? -1 : x,
        UnaryKind.Floor => MathF.Floor,
        UnaryKind.Ceil => MathF.Ceiling,
        UnaryKind.Round => static x => MathF.Round(x, MidpointRounding.ToEven),
        UnaryKind.Sqrt => MathF.Sqrt,
        UnaryKind.Reciprocal => static x => 1 / x,
        UnaryKind.Exp => MathF.Exp,
        UnaryKind.Log => MathF.Log,
        UnaryKind.Erf => static x => (float)SpecialFunctions.Erf(x),
        UnaryKind.Tanh => MathF.Tanh,
        UnaryKind.Softplus => Softplus,
        UnaryKind.Softsign => static x => x / (1 + MathF.Abs(x)),
        UnaryKind.Mish => static x => x * MathF.Tanh(Softplus(x)),
        UnaryKind.Sin => MathF.Sin,
        UnaryKind.Cos => MathF.Cos,
        UnaryKind.Tan => MathF.Tan,
        UnaryKind.Asin => MathF.Asin,
        UnaryKind.Acos => MathF.Acos,
        UnaryKind.Atan => MathF.Atan,
        UnaryKind.Sinh => MathF.Sinh,
        UnaryKind.Cosh => MathF.Cosh,
        UnaryKind.Asinh => MathF.Asinh,
        UnaryKind.Acosh => MathF.Acosh,
        UnaryKind.Atanh => MathF.Atanh,
        _ => throw new InvalidOperationException($"'{kind}' is no function of a number."),
    };

    private static Func<long, long> IntegerFunction(UnaryKind kind) => kind switch
    {
        UnaryKind.Abs => static x => x < 0 ? unchecked(-x) : x,
        UnaryKind.Neg => static x => unchecked(-x),
        UnaryKind.Sign => static x => Math.Sign(x),
        UnaryKind.Not => static x => 1 - x,
        _ => throw new InvalidOperationException($"'{kind}' is no function of an integer."),
    };

    /// <summary>log(1 + exp(x)) without overflow: the larger of x and 0, and what remains.</summary>
    private static float Softplus(float x) => MathF.Max(x, 0) + MathF.Log(1 + MathF.Exp(-MathF.Abs(x)));

    private static float Saturated(float x) => MathF.Min(MathF.Max(x, 0), 1);
}
