using System.Collections.Immutable;

namespace PrivateInference.Backends.Reports.Charts;

/// <summary>One step in <see cref="StepLanes"/>.</summary>
/// <param name="Lane">Where the step's node is.</param>
/// <param name="Entering">Lanes of the values that it reads.</param>
/// <param name="Passing">Lanes of values that later steps read.</param>
/// <param name="Leaves">Whether a later step reads its result.</param>
internal sealed record LaneRow(int Lane, ImmutableArray<int> Entering, ImmutableArray<int> Passing, bool Leaves)
{
    /// <summary>How many lanes the row needs.</summary>
    public int Width => Entering.Concat(Passing).Append(Lane).Max() + 1;
}
