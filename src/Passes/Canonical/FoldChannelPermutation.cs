using PrivateInference.Passes.Canonical.Permutations;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// Lets linear layers absorb gathers of their output channels and permutations of their input channels, which rewrites such
/// as <c>partial-activation</c> leave.
/// </summary>
public sealed class FoldChannelPermutation : RewritePass
{
    public override string Name => "fold-channel-permutation";

    public override string Summary => "Reorders the weights of linear layers instead of the channels between them.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules { get; } =
        [new ComposeGathers(), new GatherIntoProducer(), new GatherIntoConsumer(), new SinkPermutation()];
}
