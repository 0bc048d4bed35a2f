using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Axis permutation: axis i of the output is axis Permutation[i] of the input. Local.</summary>
public sealed record TransposeStep : PlanStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Permutation { get; init; }

    public override string Kind => "transpose";

    public override ImmutableArray<int> Inputs => [Input];
}
