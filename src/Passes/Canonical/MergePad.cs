using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>Padding becomes part of the window that reads it.</summary>
public sealed class MergePad : RewritePass
{
    public override string Name => "merge-pad";

    public override string Summary => "Merges zero padding into the convolution or average pool that follows, and padding into padding.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules { get; } =
        [new FoldTwoPads(), new FoldPadIntoConv(), new FoldPadIntoAveragePool()];
}
