using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.IR;

namespace PrivateInference.Passes.Sharing;

/// <summary>How a channel's plane is cut into patches: a size along each spatial axis, or the whole channel as one.</summary>
/// <param name="Sizes">Positive; empty for the whole channel.</param>
internal sealed record PatchSize(ImmutableArray<int> Sizes)
{
    /// <summary>Reads <c>3x3</c>, <c>4x2</c>, <c>5</c> or <c>channel</c>.</summary>
    /// <exception cref="PassException">The text is none of these.</exception>
    public static PatchSize Parse(string text)
    {
        if (text == "channel")
            return new PatchSize([]);
        ImmutableArray<int> sizes = [.. text.Split('x').Select(Number)];
        return sizes.All(s => s > 0)
            ? new PatchSize(sizes)
            : throw new PassException($"A patch is 'channel' or a size such as 2x2, not '{text}'.");
    }

    /// <summary>The patches of a layer of shape N×C×spatial; null where the size has another number of axes.</summary>
    public PatchGrid? On(Shape shape)
    {
        int[] plane = [.. shape.Dimensions.Skip(2)];
        if (plane.Length == 0 || (!Sizes.IsEmpty && Sizes.Length != plane.Length))
            return null;
        return new PatchGrid([.. plane], [.. plane.Select((d, axis) => Sizes.IsEmpty ? d : Math.Min(d, Sizes[axis]))]);
    }

    /// <summary>0 for what is no number.</summary>
    private static int Number(string text)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
