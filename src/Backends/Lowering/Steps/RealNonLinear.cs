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

    /// <summary>Whether the result is rounded to an integer, as a quantised model does.</summary>
    public bool IsInteger { get; init; }

    /// <summary>The activation as a clip's bounds.</summary>
    public (double Lower, double Upper) Bounds => Activation switch
    {
        Activation.None => (double.NegativeInfinity, double.PositiveInfinity),
        Activation.Relu => (0, double.PositiveInfinity),
        Activation.Clip => (Lower, Upper),
        _ => throw new InvalidOperationException($"Unknown activation {Activation}."),
    };

    public override ImmutableArray<int> Inputs => [Input];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this with { Input = inputs[0] };

    /// <summary>As the plan's step will count them.</summary>
    public long SignDecisions
    {
        get
        {
            int ofActivation = Activation switch { Activation.Relu => 1, Activation.Clip => 2, _ => 0 };
            return (long)Shape.Count * (ofActivation + (Pool?.WindowSize ?? 1) - 1);
        }
    }
}
