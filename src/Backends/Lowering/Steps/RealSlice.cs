using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>A strided part.</summary>
internal sealed record RealSlice : RealStep
{
    public required int Input { get; init; }

    public required ImmutableArray<int> Starts { get; init; }

    public required ImmutableArray<int> Steps { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
