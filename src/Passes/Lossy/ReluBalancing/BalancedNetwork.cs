using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>What balancing gives.</summary>
/// <param name="Graph">The untrained network; the very graph that was given where its widths are balanced already.</param>
/// <param name="Layers">The layers that decide signs, in graph order.</param>
public sealed record BalancedNetwork(Graph Graph, ImmutableArray<BalancedLayer> Layers)
{
    /// <summary>Sign decisions of the model that was given.</summary>
    public long ReluCountBefore => Layers.Sum(l => l.ReluCountBefore);

    /// <summary>Sign decisions of the balanced network.</summary>
    public long ReluCountAfter => Layers.Sum(l => l.ReluCountAfter);
}
