using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>op(x) → x, where op leaves every element where and what it is. One that names a graph output may have to stay.</summary>
public sealed class DropIdentity : RewritePass, IRewriteRule
{
    public override string Name => "drop-identity";

    public override string Summary => "Removes operations that return their input, such as dropout and a reshape to the same shape, and transposes that cancel out.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules => [this, new MergeTransposes(), new SinkTransposes()];

    Value? IRewriteRule.Rewrite(Node node, GraphRewriter graph)
        => node.Inputs.Length == 1 && node.Inputs[0].Type == node.Output.Type && KeepsElements(node) ? node.Inputs[0] : null;

    /// <summary>Whether a node with one input of its own type leaves the elements as they are.</summary>
    private static bool KeepsElements(Node node) => node.Operation switch
    {
        Identity or Dropout or Reshape or Cast or Concat => true,
        Transpose transpose => KeepsOrder(transpose.Permutation, node.Output.Shape),
        Slice slice => slice.Steps.All(1),
        Pad => true,
        Clip clip => float.IsNegativeInfinity(clip.Minimum) && float.IsPositiveInfinity(clip.Maximum),
        _ => false,
    };

    /// <summary>Axes of one element may go anywhere; the others have to stay in order.</summary>
    private static bool KeepsOrder(IntVector permutation, Shape shape)
    {
        int[] moved = [.. permutation.Where((_, axis) => shape[axis] != 1)];
        return moved.SequenceEqual(moved.Order());
    }
}
