using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Constant padding, all begins, then all ends.</summary>
internal sealed record RealPad : RealStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Pads { get; init; }

    public required double Value { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
