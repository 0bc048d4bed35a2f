using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Backends.Lowering.Steps;

/// <summary>
/// A plan step over real numbers: the structure of the plan is decided, scales are not. A step defines one value, whose
/// index is the step's position in the program.
/// </summary>
internal abstract record RealStep
{
    /// <summary>The node's name.</summary>
    public required string Name { get; init; }

    public required Shape Shape { get; init; }

    /// <summary>The graph's value that this step's value times <see cref="SourceUnit"/> equals; calibration observes it there.</summary>
    public required Value Source { get; init; }

    /// <summary>What an observation of <see cref="Source"/> is divided by to be one of this step's value.</summary>
    public double SourceUnit { get; init; } = 1;

    public abstract ImmutableArray<int> Inputs { get; }

    /// <summary>The same step with other steps as its operands.</summary>
    public abstract RealStep WithInputs(ImmutableArray<int> inputs);
}
