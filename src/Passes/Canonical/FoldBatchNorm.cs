using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// Batch normalisation, and other arithmetic with per-channel constants, goes into the weights of the linear layer before it.
/// </summary>
public sealed class FoldBatchNorm : RewritePass
{
    public override string Name => "fold-batchnorm";

    public override string Summary => "Folds batch normalisation and per-channel scales and offsets into the linear layer before them.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules { get; } =
        [new FoldChannelScaleIntoConv(), new FoldChannelScaleIntoMatMul(), new BatchNormToMulAdd()];
}
