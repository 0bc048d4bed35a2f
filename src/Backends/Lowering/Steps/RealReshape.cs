using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>The same elements under another shape.</summary>
internal sealed record RealReshape : RealStep
{
    public required int Input { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
