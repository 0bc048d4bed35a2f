using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>The ranges of functions of one element.</summary>
internal static class FunctionRanges
{
    private static readonly Interval s_symmetricUnit = new(-1, 1);

    /// <summary>min(max(x, lower), upper): with crossed bounds the upper one wins.</summary>
    public static Interval Clamp(Interval x, double lower, double upper)
        => new(Math.Min(Math.Max(x.Minimum, lower), upper), Math.Min(Math.Max(x.Maximum, lower), upper));

    public static Interval Of(UnaryKind kind, Interval x) => kind switch
    {
        UnaryKind.Abs => new Interval(x.Contains(default) ? 0 : Math.Min(Math.Abs(x.Minimum), Math.Abs(x.Maximum)), x.Magnitude),
        UnaryKind.Neg => -1 * x,
        UnaryKind.Sign => Monotone(x, v => Math.Sign(v)),
        UnaryKind.Floor => Monotone(x, Math.Floor),
        UnaryKind.Ceil => Monotone(x, Math.Ceiling),
        UnaryKind.Round => Monotone(x, v => Math.Round(v, MidpointRounding.ToEven)),
        UnaryKind.Sqrt or UnaryKind.Exp or UnaryKind.Softplus => Interval.NonNegative,
        UnaryKind.Reciprocal when x.Minimum > 0 => Interval.NonNegative,
        UnaryKind.Erf or UnaryKind.Tanh or UnaryKind.Softsign when x.Minimum >= 0 => new Interval(0, 1),
        UnaryKind.Erf or UnaryKind.Tanh or UnaryKind.Softsign or UnaryKind.Sin or UnaryKind.Cos => s_symmetricUnit,
        _ => Interval.Unbounded,
    };

    public static Interval Of(ElementwiseFunction function, Interval x) => function switch
    {
        DRelu or Sigmoid or HardSigmoid => new Interval(0, 1),
        LeakyRelu { Alpha: >= 0 } leaky => Monotone(x, v => v >= 0 ? v : leaky.Alpha == 0 ? 0 : leaky.Alpha * v),
        Elu { Alpha: >= 0, Gamma: > 0, Width: > 0 } elu
            => Monotone(x, v => elu.Gamma * (v > 0 ? v : elu.Alpha * (Math.Exp(v / elu.Width) - 1))),
        ThresholdedRelu { Alpha: >= 0 } => new Interval(0, Math.Max(x.Maximum, 0)),
        HardSwish or Gelu when x.Minimum >= 0 => new Interval(0, x.Maximum),
        _ => Interval.Unbounded,
    };

    private static Interval Monotone(Interval x, Func<double, double> function) => new(function(x.Minimum), function(x.Maximum));
}
