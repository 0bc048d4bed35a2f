using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>
/// x where the deciding element that Groups maps to is not negative, else 0; Groups has one entry per element of x. Turned has
/// 1 for the elements with the opposite decision, and Noise says how often the parties draw it.
/// </summary>
internal sealed record RealSharedSign : RealStep
{
    public required int Input { get; init; }

    public required int Decision { get; init; }

    public required int[] Groups { get; init; }

    public long[]? Turned { get; init; }

    public DecisionNoise? Noise { get; init; }

    public override ImmutableArray<int> Inputs => [Input, Decision];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0], Decision = inputs[1] };

    public override long SignDecisions => Groups.Distinct().LongCount();
}
