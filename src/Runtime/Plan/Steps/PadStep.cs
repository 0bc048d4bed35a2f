using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>Constant padding with a public integer at the output's scale (all begins, then all ends). Local.</summary>
public sealed record PadStep : PlanStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Pads { get; init; }

    public long Value { get; init; }

    public override string Kind => "pad";

    public override ImmutableArray<int> Inputs => [Input];
}
