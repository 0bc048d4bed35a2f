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

    /// <summary>The graph's value that this step's value equals; calibration observes it there.</summary>
    public required Value Source { get; init; }

    public abstract ImmutableArray<int> Inputs { get; }

    /// <summary>As the plan's step will count them.</summary>
    public virtual long SignDecisions => 0;
}
