using System.Collections.Immutable;
using PrivateInference.IR.Analysis;

namespace PrivateInference.Backends.Analysis;

/// <summary>The analysed range of a value's elements, per channel.</summary>
/// <param name="Map">Which element belongs to which channel.</param>
/// <param name="Channels">One interval per channel.</param>
/// <param name="IsCalibrated">Whether observations narrowed the range below what the arithmetic allows.</param>
internal sealed record ValueRange(ChannelMap Map, ImmutableArray<Interval> Channels, bool IsCalibrated = false)
{
    public Interval Hull => Channels.Aggregate((a, b) => a.Hull(b));

    /// <summary>The ranges under another map of the same elements.</summary>
    public Interval[] Under(ChannelMap map, int count)
        => map == Map ? [.. Channels] : Map.Regroup(Channels, map, count, (a, b) => a.Hull(b));
}
