using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

internal sealed record RealInput : RealStep
{
    public override ImmutableArray<int> Inputs => [];
}
