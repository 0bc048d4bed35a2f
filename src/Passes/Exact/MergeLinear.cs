using PrivateInference.Passes.Exact.Linear;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Exact;

/// <summary>
/// Linear layers with nothing non-linear between them become one, where the product of their weights is no more work than
/// they are. Two layers that squeeze through a bottleneck stay two: W₂·(W₁·x) is then cheaper than (W₂·W₁)·x. Products are
/// summed in double precision and rounded once.
/// </summary>
public sealed class MergeLinear : RewritePass
{
    public override string Name => "merge-linear";

    public override string Summary => "Merges linear layers that follow each other, where that takes no more multiply-accumulates.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules { get; } =
    [
        new ScaleIntoNextConv(),
        new ScaleIntoNextMatMul(),
        new MergeConvolutions(),
        new MergeMatMuls(),
        new SpatialIntoMatMul(),
        new AveragePoolBeforePointwise(),
    ];
}
