using System.Collections.Immutable;

namespace PrivateInference.Runtime.Plan.Steps;

/// <summary>
/// One bit, opened to the client: whether any element of some values lies outside of its value's interval,
/// <see cref="Lower"/> ≤ x / 2^<see cref="Shift"/> ≤ <see cref="Upper"/>. The division is faithful, to a neighbouring integer, the
/// clear interpreter's to the nearest, halves up; without it the bit is exact. Elements are read modulo the ring, so
/// one that has left the ring itself is taken for what it has become. The step comes before the output, and nothing reads its value.
/// </summary>
public sealed record RangeCheckStep : PlanStep
{
    /// <summary>The fewest bits of the ring that a division must leave.</summary>
    public const int MinBits = 3;

    /// <summary>The values.</summary>
    public required ImmutableArray<int> Checked { get; init; }

    /// <summary>For each value the least element that is in range.</summary>
    public required ImmutableArray<long> Lower { get; init; }

    /// <summary>For each value the largest element that is in range.</summary>
    public required ImmutableArray<long> Upper { get; init; }

    /// <summary>Bits that elements drop before they are compared.</summary>
    public int Shift { get; init; }

    public override string Kind => "range-check";

    public override ImmutableArray<int> Inputs => Checked;
}
