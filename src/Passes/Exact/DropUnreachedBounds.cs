using PrivateInference.IR;
using PrivateInference.IR.Analysis;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Analysis;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>f(x) → x where f does nothing on x's range; clip(x, a, b) → the clip with only the bounds that can be reached.</summary>
internal sealed class DropUnreachedBounds(StaticRanges ranges) : IRewriteRule
{
    public Value? Rewrite(Node node, GraphRewriter graph) => node.Operation switch
    {
        Relu or LeakyRelu or PRelu or Elu { Gamma: 1 } or Unary { Kind: UnaryKind.Abs } when Range(node, 0).Minimum >= 0 => node.Inputs[0],
        ThresholdedRelu threshold when threshold.Alpha < Range(node, 0).Minimum => node.Inputs[0],
        Clip clip => OfClip(clip, node, graph),
        Binary { Kind: BinaryKind.Max } => Winner(node, (x, other) => x.Minimum >= other.Maximum),
        Binary { Kind: BinaryKind.Min } => Winner(node, (x, other) => x.Maximum <= other.Minimum),
        _ => null,
    };

    private Value? OfClip(Clip clip, Node node, GraphRewriter graph)
    {
        if (clip.Minimum > clip.Maximum)
            return null;
        Interval x = Range(node, 0);
        Clip needed = new(
            x.Minimum >= clip.Minimum ? float.NegativeInfinity : clip.Minimum,
            x.Maximum <= clip.Maximum ? float.PositiveInfinity : clip.Maximum);
        if (needed == clip)
            return null;
        return needed == new Clip(float.NegativeInfinity, float.PositiveInfinity)
            ? node.Inputs[0]
            : graph.Define(node.Output, needed, node.Inputs, node.Name);
    }

    /// <summary>The operand that always wins, if it need not be broadcast.</summary>
    private Value? Winner(Node node, Func<Interval, Interval, bool> wins)
    {
        for (int i = 0; i < 2; i++)
        {
            if (node.Inputs[i].Type == node.Output.Type && wins(Range(node, i), Range(node, 1 - i)))
                return node.Inputs[i];
        }

        return null;
    }

    private Interval Range(Node node, int input) => ranges[node.Inputs[input]];
}
