using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Left ± right, of one shape.</summary>
internal sealed record RealAdd : RealStep
{
    public required int Left { get; init; }

    public required int Right { get; init; }

    public bool Subtract { get; init; }

    public override ImmutableArray<int> Inputs => [Left, Right];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Left = inputs[0], Right = inputs[1] };
}
