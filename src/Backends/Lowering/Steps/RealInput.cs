using System.Collections.Immutable;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>The model's input, divided by <see cref="Unit"/>.</summary>
internal sealed record RealInput : RealStep
{
    /// <summary>The scale of a quantised input; the plan's public scale has it, so that the client quantises while it encodes.</summary>
    public double Unit { get; init; } = 1;

    /// <summary>Whether the client rounds to integers, which lie between Lower and Upper.</summary>
    public bool IsInteger { get; init; }

    public double Lower { get; init; } = double.NegativeInfinity;

    public double Upper { get; init; } = double.PositiveInfinity;

    public override ImmutableArray<int> Inputs => [];

    public override RealStep WithInputs(ImmutableArray<int> inputs) => this;
}
