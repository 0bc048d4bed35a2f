using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Mean over windows; Divisors has one element per output position.</summary>
internal sealed record RealAveragePool : RealStep
{
    public required int Input { get; init; }

    public required PoolGeometry Pool { get; init; }

    public required int[] Divisors { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
