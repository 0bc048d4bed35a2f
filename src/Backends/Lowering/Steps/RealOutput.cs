using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>The result, and what the client applies to it.</summary>
internal sealed record RealOutput : RealStep
{
    public required int Input { get; init; }

    public OutputFunction Function { get; init; }

    public int Axis { get; init; }

    public bool KeepAxis { get; init; }

    public bool SelectLast { get; init; }

    public override ImmutableArray<int> Inputs => [Input];
}
