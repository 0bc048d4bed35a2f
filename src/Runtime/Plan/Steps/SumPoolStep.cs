using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// Sum over windows, padding being zero. An average pool is this; its divisor goes into the output's scale, or, where
/// windows at the border have divisors of their own, into <see cref="Multipliers"/>. Local.
/// </summary>
public sealed record SumPoolStep : PlanStep
{
    public required int Input { get; init; }

    public required PoolGeometry Pool { get; init; }

    /// <summary>Public integer factor per output position (OutputHeight×OutputWidth, row-major), or empty for 1 everywhere.</summary>
    public ImmutableArray<long> Multipliers { get; init; } = [];

    public override string Kind => "avgpool";

    public override ImmutableArray<int> Inputs => [Input];
}
