using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Concatenation along an axis.</summary>
internal sealed record RealConcat : RealStep
{
    public required ImmutableArray<int> Operands { get; init; }

    public required int Axis { get; init; }

    public override ImmutableArray<int> Inputs => Operands;

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Operands = inputs };
}
