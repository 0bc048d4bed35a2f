using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>The same elements under the output's shape. Local.</summary>
public sealed record ReshapeStep : PlanStep
{
    public required int Input { get; init; }

    public override string Kind => "reshape";

    public override ImmutableArray<int> Inputs => [Input];
}
