using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>A model's input read as an image.</summary>
/// <param name="Channels">1 or 3.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Layout">Where the channels are.</param>
/// <param name="IsFlat">Whether all its elements are on one axis, so that its height and width are those of the data.</param>
internal sealed record ImageInput(int Channels, int Height, int Width, ChannelLayout Layout, bool IsFlat = false)
{
    /// <summary>The reading that fits images of a size, or the only one there is; null where the input is no image.</summary>
    /// <param name="sample">The input's shape without the batch axis.</param>
    /// <param name="height">The height of the images, in pixels.</param>
    /// <param name="width">The width of the images, in pixels.</param>
    /// <param name="layout">Where the channels are; null to find out.</param>
    /// <exception cref="DataFormatException">Two readings are as good as each other.</exception>
    public static ImageInput? Read(Shape sample, int height, int width, ChannelLayout? layout)
    {
        if (sample.Dimensions.Count(d => d != 1) < 2 && Flat(sample.Count, height, width, layout) is { } flat)
            return flat;
        ImageInput[] readings = [.. Readings(sample.Dimensions.AsSpan().ToArray()).Where(r => layout is null || r.Channels == 1 || r.Layout == layout)];
        ImageInput[] fitting = [.. readings.Where(r => r.Height == height && r.Width == width)];
        if (fitting.Length > 0)
            return fitting[0];
        return readings.Length < 2 || readings.All(r => r.Channels == 1)
            ? readings.FirstOrDefault()
            : throw new DataFormatException($"the shape {sample} does not tell whether its first or its last axis holds the channels. Say so with the layout.");
    }

    /// <summary>The position in the sample of a pixel's channel.</summary>
    public int IndexOf(int channel, int pixel)
        => Layout is ChannelLayout.First ? (channel * Height * Width) + pixel : (pixel * Channels) + channel;

    private static ImageInput? Flat(int count, int height, int width, ChannelLayout? layout) => (count / ((double)height * width)) switch
    {
        1 => new ImageInput(1, height, width, ChannelLayout.First, IsFlat: true),
        3 => new ImageInput(3, height, width, layout ?? ChannelLayout.First, IsFlat: true),
        _ => null,
    };

    /// <summary>Three axes with 1 or 3 channels on one end, or height and width alone; more axes only of size one in front.</summary>
    private static IEnumerable<ImageInput> Readings(int[] shape)
    {
        while (shape.Length > 3 && shape[0] == 1)
            shape = shape[1..];
        if (shape is [1 or 3, var planeHeight, var planeWidth])
            yield return new ImageInput(shape[0], planeHeight, planeWidth, ChannelLayout.First);
        if (shape is [var height, var width, 1 or 3])
            yield return new ImageInput(shape[2], height, width, ChannelLayout.Last);
        if (shape is [var grayHeight, var grayWidth])
            yield return new ImageInput(1, grayHeight, grayWidth, ChannelLayout.First);
    }
}
