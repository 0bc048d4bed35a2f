using System.Collections.Immutable;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>Activation(max over windows), windows optional; infinite clip bounds are absent.</summary>
internal sealed record RealNonLinear : RealStep
{
    public required int Input { get; init; }

    public PoolGeometry? Pool { get; init; }

    public required Activation Activation { get; init; }

    public double Lower { get; init; } = double.NegativeInfinity;

    public double Upper { get; init; } = double.PositiveInfinity;

    public override ImmutableArray<int> Inputs => [Input];

    public override long SignDecisions
    {
        get
        {
            int ofActivation = Activation switch { Activation.Relu => 1, Activation.Clip => 2, _ => 0 };
            return (long)Shape.Count * (ofActivation + (Pool?.WindowSize ?? 1) - 1);
        }
    }
}
