using System.Collections.Immutable;
using PrivateInference.IR;

namespace PrivateInference.Passes.Exact.Placement;

/// <summary>
/// A value of the graph as it would be with the clamps taken out, up to the nearest operation that does not commute with
/// the clamp: a place where the clamp could be computed. Values that differ by clamps only share a position.
/// </summary>
/// <param name="Index">Its place in the order of the region; operands come first.</param>
/// <param name="First">The value that led to it.</param>
/// <param name="Node">The commuting operation, with its other inputs; null for a leaf, which is <paramref name="First"/> itself.</param>
/// <param name="Operands">The positions of the node's inputs, null for inputs that are no operands; empty for a leaf.</param>
internal sealed record Position(int Index, Value First, Node? Node, ImmutableArray<Position?> Operands)
{
    public bool IsLeaf => Node is null;

    /// <summary>A value of the graph that already is this, without any clamp before it; or null.</summary>
    public Value? Plain { get; set; }

    /// <summary>A value of the graph that is this, clamped, and the name of which the clamped value should have; or null.</summary>
    public Value? Clamped { get; set; }

    /// <summary>Whether the graph computes the clamp here.</summary>
    public bool HasClamp { get; set; }

    /// <summary>Whether clamping here costs nothing: the value is a constant, or inside the bounds anyway.</summary>
    public bool IsFree { get; set; }
}
