using PrivateInference.Runtime.Plan.Steps;

namespace PrivateInference.Backends.Lowering;

/// <summary>A value of the graph that is made of sign decisions. It exists as part of a product only.</summary>
/// <param name="Decision">The program's index of the deciding value.</param>
/// <param name="Sources">For each element the element of the deciding value whose sign it is.</param>
internal sealed record DecisionMask(int Decision, long[] Sources)
{
    /// <summary>1 for each element that is the opposite of its decision; null where none is.</summary>
    public long[]? Turned { get; init; }

    /// <summary>How the parties turn elements round at random; null where they do not.</summary>
    public DecisionNoise? Noise { get; init; }

    /// <summary>With noise, for each element which of the independent draws turns it.</summary>
    public long[]? Draws { get; init; }
}
