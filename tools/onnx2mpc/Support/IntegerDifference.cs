using PrivateInference.IR;
using PrivateInference.IR.Operations;

namespace PrivateInference.CommandLine.Support;

/// <summary>
/// How a quantised output differs from the reference's, in steps of its quantisation. A plan rounds a value that lies close to
/// a half to the integer beside the model's now and then; relative to an output of few different integers, one step is much.
/// </summary>
/// <param name="Integers">How many were compared.</param>
/// <param name="Different">How many differ.</param>
/// <param name="LargestSteps">By how many steps at most.</param>
internal readonly record struct IntegerDifference(long Integers, long Different, long LargestSteps)
{
    private const double Tolerated = 0.001;

    /// <summary>At most one integer in a thousand differs, by one step.</summary>
    public bool IsRounding => LargestSteps <= 1 && Different <= Tolerated * Integers;

    /// <summary>The step of a model whose one output is quantised, or dequantised again by a single scale; else null.</summary>
    public static double? StepOf(Graph graph) => graph.Producer(graph.Outputs[0]) switch
    {
        { Operation: QuantizeLinear } => 1,
        { Operation: DequantizeLinear } node when graph.ConstantOf(node.Inputs[1]) is { Type.IsFloat: true, Shape.Count: 1 } scale => scale.Floats[0],
        _ => null,
    };

    public static IntegerDifference Of(ReadOnlySpan<float> actual, ReadOnlySpan<float> expected, double step)
    {
        (long different, long largest) = (0, 0);
        for (int i = 0; i < expected.Length; i++)
        {
            long steps = (long)Math.Abs(Math.Round(((double)actual[i] - expected[i]) / step));
            different += Math.Min(steps, 1);
            largest = Math.Max(largest, steps);
        }

        return new IntegerDifference(expected.Length, different, largest);
    }

    /// <summary>The difference of two outputs together.</summary>
    public IntegerDifference Join(IntegerDifference other)
        => new(Integers + other.Integers, Different + other.Different, Math.Max(LargestSteps, other.LargestSteps));

    public override string ToString() => FormattableString.Invariant($"{Different:N0} of {Integers:N0} integers differ")
        + (Different == 0 ? "" : FormattableString.Invariant($" by {(LargestSteps == 1 ? "1" : $"up to {LargestSteps:N0}")}"));
}
