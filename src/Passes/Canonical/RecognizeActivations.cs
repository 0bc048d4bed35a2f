using PrivateInference.Passes.Canonical.Recognition;
using PrivateInference.Passes.Rewriting;

namespace PrivateInference.Passes.Canonical;

/// <summary>
/// Standard operators that together are an operation of the compiler, as <c>export --standard-only</c> and training tools write
/// them → the operation, for which there is a secure protocol.
/// </summary>
public sealed class RecognizeActivations : RewritePass
{
    public override string Name => "recognize-activations";

    public override string Summary => "Takes sign decisions and polynomials that are written in standard operators for what they are.";

    public override PassContract Contract => PassContract.Exact;

    protected override IReadOnlyList<IRewriteRule> Rules => [new ComparisonToDRelu(), new HornerToPolynomial()];
}
