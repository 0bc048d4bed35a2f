using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Axis permutation.</summary>
internal sealed record RealTranspose : RealStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Permutation { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
