using System.Collections.Immutable;
using PrivateInference.Passes.Checking;

namespace PrivateInference.Passes;

/// <summary>What one run of a pass did to a graph.</summary>
/// <param name="Pass">The pass's name.</param>
/// <param name="Contract">What it promises.</param>
/// <param name="Changed">Whether it rewrote anything.</param>
/// <param name="Before">The graph it got.</param>
/// <param name="After">The graph it gave.</param>
public sealed record PassTrace(string Pass, PassContract Contract, bool Changed, GraphSize Before, GraphSize After)
{
    /// <summary>What the pass had to say.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>
    /// How far the model with this pass and those before it is from the model as it came in, on calibration data; null
    /// where there are none or the pass does not change the function.
    /// </summary>
    public OutputDifference? Difference { get; init; }
}
