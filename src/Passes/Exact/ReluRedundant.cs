using System.Globalization;
using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// Drops what an activation never does. Interval analysis (<see cref="StaticRanges"/>) proves from the constants and the
/// operations alone that a value stays inside a bound for every input in the declared range; then the bound costs a sign
/// decision per element and changes nothing: relu(x) with x ≥ 0, the 6 of a ReLU6 behind a sigmoid, |x| with x ≥ 0,
/// max(x, c) with x ≥ c. Observed ranges prove nothing and are not used.
/// </summary>
public sealed class ReluRedundant(PassArguments arguments) : Pass
{
    private static readonly PassParameter InputRange = new(
        "input-range", "What the model's inputs are known to be in, as LOW..HIGH; 'any' where nothing is known.", "any");

    private readonly Interval _input = ReadRange(arguments.Text(InputRange));

    public override string Name => "relu-redundant";

    public override string Summary => "Drops ReLUs of values that cannot be negative, and bounds of clips that cannot be reached.";

    public override PassContract Contract => PassContract.Exact;

    public override IReadOnlyList<PassParameter> Parameters => [InputRange];

    public override Graph Run(Graph graph, PassContext context)
    {
        for (Graph next; ; graph = next)
        {
            next = GraphRewriter.Apply(graph, [new DropUnreachedBounds(StaticRanges.Of(graph, _input))], context.Cancellation);
            if (ReferenceEquals(next, graph))
                return graph;
        }
    }

    private static Interval ReadRange(string text)
    {
        if (text == "any")
            return Interval.Unbounded;
        string[] ends = text.Split("..");
        if (ends.Length == 2
            && double.TryParse(ends[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double low)
            && double.TryParse(ends[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double high)
            && low <= high)
            return new Interval(low, high);
        throw new PassException($"Parameter '{InputRange.Name}' takes LOW..HIGH, such as 0..1, or 'any', not '{text}'.");
    }
}
