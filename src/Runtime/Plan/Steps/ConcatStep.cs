using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Concatenation along an axis; operand i is first shifted left by Shifts[i] to the output's scale. Local.</summary>
public sealed record ConcatStep : PlanStep
{
    public required ImmutableArray<int> Operands { get; init; }

    public required ImmutableArray<int> Shifts { get; init; }

    public required int Axis { get; init; }

    public override string Kind => "concat";

    public override ImmutableArray<int> Inputs => Operands;
}
