using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// x / 2^<see cref="Shift"/> to one of the two neighbouring integers, the clear interpreter to the nearest, halves up. Each party
/// shifts its own share and sends nothing (Mohassel and Zhang, "SecureML", IEEE S&amp;P 2017, theorem 1), which fails where shares
/// wrap around; <see cref="TruncationFailure"/> says how often.
/// </summary>
public sealed record TruncateStep : PlanStep
{
    public required int Input { get; init; }

    /// <summary>Bits dropped, from 1 to ℓ − 1.</summary>
    public required int Shift { get; init; }

    public override string Kind => "truncate-local";

    public override ImmutableArray<int> Inputs => [Input];
}
