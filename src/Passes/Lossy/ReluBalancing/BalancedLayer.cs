using System.Globalization;

namespace PrivateInference.Passes.Lossy.ReluBalancing;

/// <summary>A layer that decides signs, before and after balancing.</summary>
/// <param name="Name">The node's name.</param>
/// <param name="Height">Rows of its result; 1 without pixels.</param>
/// <param name="Width">Columns of its result; 1 without pixels.</param>
/// <param name="ChannelsBefore">Channels in the model.</param>
/// <param name="ChannelsAfter">Channels after balancing.</param>
/// <param name="ReluCountBefore">Sign decisions in the model; see <see cref="SignDecisions"/>.</param>
/// <param name="ReluCountAfter">Sign decisions after balancing.</param>
public sealed record BalancedLayer(
    string Name, int Height, int Width, int ChannelsBefore, int ChannelsAfter, long ReluCountBefore, long ReluCountAfter)
{
    /// <summary>One line of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name}: {Height}x{Width}, channels {ChannelsBefore} -> {ChannelsAfter}, ReLUs {ReluCountBefore} -> {ReluCountAfter}");
}
