using System.Globalization;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Images as inputs of a model that takes C×H×W, H×W×C, H×W, or flat pixels.</summary>
internal sealed class ImageSamples : ISampleSource
{
    private readonly PixelImages _images;
    private readonly SampleType _type;
    private readonly ImageInput _input;
    private readonly ImageFit _fit;
    private readonly PixelScaling _scaling;

    /// <exception cref="DataFormatException">The images do not fit the input.</exception>
    public ImageSamples(PixelImages images, SampleType type, DataOptions options)
    {
        (_type, _fit, _scaling) = (type, options.Fit, options.Scaling ?? PixelScaling.Unit);
        _input = ImageInput.Read(type.PerSample, images.Height, images.Width, options.Layout)
            ?? throw Misfit(images, "The input is not an image; give the data as an array (.npy).");
        if (_fit is ImageFit.Refuse && !HasSizeOf(images))
            throw Misfit(images, "Resize the images to the model's size, or let them be padded, cropped or resized (--resize pad, nearest or bilinear).");
        _scaling.Require(_input.Channels);
        _images = images.WithChannels(_input.Channels);
        Conversions = [.. Describe(images)];
    }

    public int Count => _images.Count;

    public int[]? Labels => _images.Labels;

    public IReadOnlyList<string> Conversions { get; }

    public Tensor this[int index]
    {
        get
        {
            float[] values = new float[_type.PerSample.Count];
            for (int channel = 0; channel < _input.Channels; channel++)
            {
                float[] plane = ImageFitting.Fit(_images.Plane(index, channel), (_images.Height, _images.Width), (_input.Height, _input.Width), _fit);
                for (int pixel = 0; pixel < plane.Length; pixel++)
                    values[_input.IndexOf(channel, pixel)] = _scaling.Apply(plane[pixel], channel);
            }

            return _type.Create(values);
        }
    }

    private bool HasSizeOf(PixelImages images) => (images.Height, images.Width) == (_input.Height, _input.Width);

    private IEnumerable<string> Describe(PixelImages images)
    {
        if (!HasSizeOf(images))
        {
            string how = _fit is ImageFit.Pad ? "padded with black or cropped" : $"resized ({_fit.ToString().ToLower(CultureInfo.InvariantCulture)})";
            yield return $"images of {images.Width}×{images.Height} are {how} to {_input.Width}×{_input.Height}";
        }

        if (images.Channels < _input.Channels)
            yield return "gray is repeated in all three channels";
        if (_input.IsFlat)
            yield return $"pixels are flattened, {(_input is { Channels: 3, Layout: ChannelLayout.Last } ? "the channels of a pixel together" : "row after row")}";
        else if (_input is { Channels: 3, Layout: ChannelLayout.Last })
            yield return "channels come last, as the model takes them";
    }

    private DataFormatException Misfit(PixelImages images, string wayOut)
        => new($"the image has {images.Width}×{images.Height} pixels (width×height) and the model takes an input of shape {_type.Type.Shape}. {wayOut}");
}
