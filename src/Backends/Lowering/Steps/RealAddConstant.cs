using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Adds a constant of the full shape.</summary>
internal sealed record RealAddConstant : RealStep
{
    public required int Input { get; init; }

    public required double[] Constant { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
