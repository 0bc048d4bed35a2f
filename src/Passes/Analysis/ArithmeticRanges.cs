using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;

namespace PrivateInference.Passes.Analysis;

/// <summary>The ranges of arithmetic on two values.</summary>
internal static class ArithmeticRanges
{
    public static Interval Of(BinaryKind kind, Node node, Func<Value, Interval> range)
    {
        (Interval a, Interval b) = (range(node.Inputs[0]), range(node.Inputs[1]));
        return kind switch
        {
            BinaryKind.Add => a + b,
            BinaryKind.Sub => a - b,
            BinaryKind.Mul when node.Inputs[0] == node.Inputs[1] => Square(a),
            BinaryKind.Mul => a * b,
            BinaryKind.Div when node.Output.Type.IsFloat && (b.Minimum > 0 || b.Maximum < 0) => a * new Interval(1 / b.Maximum, 1 / b.Minimum),
            BinaryKind.Min => new Interval(Math.Min(a.Minimum, b.Minimum), Math.Min(a.Maximum, b.Maximum)),
            BinaryKind.Max => new Interval(Math.Max(a.Minimum, b.Minimum), Math.Max(a.Maximum, b.Maximum)),
            BinaryKind.Pow when node.Output.Type.IsFloat && b == Interval.Point(2) => Square(a),
            BinaryKind.Pow when node.Output.Type.IsFloat && a.Minimum >= 0 => Interval.NonNegative,
            _ => Interval.Unbounded,
        };
    }

    private static Interval Square(Interval x)
    {
        double least = x.Contains(default) ? 0 : Math.Min(Math.Abs(x.Minimum), Math.Abs(x.Maximum));
        return new Interval(least * least, x.Magnitude * x.Magnitude);
    }
}
