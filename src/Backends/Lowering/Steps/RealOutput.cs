using System.Collections.Immutable;
using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>The result, and what the client applies to it.</summary>
internal sealed record RealOutput : RealStep
{
    public required int Input { get; init; }

    /// <summary>What the client multiplies the integers' meaning with: the scale of a dequantised output, which costs nothing.</summary>
    public double Unit { get; init; } = 1;

    public OutputFunction Function { get; init; }

    public int Axis { get; init; }

    public bool KeepAxis { get; init; }

    public bool SelectLast { get; init; }

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };
}
