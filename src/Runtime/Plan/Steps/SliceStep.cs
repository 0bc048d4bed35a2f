using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Along axis i the elements Starts[i], Starts[i] + Steps[i], …; the output's shape says how many. Local.</summary>
public sealed record SliceStep : PlanStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Starts { get; init; }

    public required ImmutableArray<int> Steps { get; init; }

    public override string Kind => "slice";

    public override ImmutableArray<int> Inputs => [Input];
}
