using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>The client encodes its tensor as round(x·scale) and shares it.</summary>
public sealed record InputStep : PlanStep
{
    public override string Kind => "input";

    public override ImmutableArray<int> Inputs => [];
}
