using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Images as inputs of a model that takes C×H×W, H×W×C, H×W, or the flat pixels of gray images.</summary>
internal sealed class ImageSamples : ISampleSource
{
    private readonly PixelImages _images;
    private readonly SampleType _type;
    private readonly PixelScaling _scaling;
    private readonly bool _channelsLast;

    /// <exception cref="DataFormatException">The images do not fit the input.</exception>
    public ImageSamples(PixelImages images, SampleType type, PixelScaling scaling)
    {
        _type = type;
        _scaling = scaling;
        int[] shape = type.PerSample.Dimensions.AsSpan().ToArray();
        (int height, int width) = (images.Height, images.Width);
        if (shape is [1 or 3, _, _] && shape[1] == height && shape[2] == width)
            _images = images.WithChannels(shape[0]);
        else if (shape is [_, _, 1 or 3] && shape[0] == height && shape[1] == width)
            (_images, _channelsLast) = (images.WithChannels(shape[2]), true);
        else if (type.PerSample.Count == height * width && FitsFlat(shape, height, width))
            _images = images.WithChannels(1);
        else
            throw new DataFormatException($"the image has {width}×{height} pixels (width×height) and the model takes an input of shape {type.Type.Shape}. Scale or crop the image to the model's size.");
    }

    public int Count => _images.Count;

    public Tensor this[int index]
        => _type.Create(_channelsLast ? _images.Interleaved(index, _scaling) : _images.Planar(index, _scaling));

    /// <summary>Axes of size one aside, either height and width, or all pixels in one.</summary>
    private static bool FitsFlat(int[] shape, int height, int width)
    {
        int[] sizes = [.. shape.Where(d => d != 1)];
        return sizes.Length < 2 || sizes is [var first, var second] && first == height && second == width;
    }
}
