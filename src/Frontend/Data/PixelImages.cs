using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Images of one size, 8 bits a channel.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Channels">1 for gray, 3 for red, green, blue.</param>
/// <param name="Pixels">Image after image, row after row, the channels of a pixel together.</param>
internal sealed record PixelImages(int Count, int Height, int Width, int Channels, ReadOnlyMemory<byte> Pixels)
{
    /// <summary>The class of each image, where the file says it.</summary>
    public int[]? Labels { get; init; }

    private int ImageSize => Height * Width * Channels;

    /// <summary>One channel of one image, row after row, 0 to 255.</summary>
    public float[] Plane(int index, int channel)
    {
        ReadOnlySpan<byte> source = Pixels.Span.Slice(index * ImageSize, ImageSize);
        float[] plane = new float[Height * Width];
        for (int pixel = 0; pixel < plane.Length; pixel++)
            plane[pixel] = source[(pixel * Channels) + channel];
        return plane;
    }

    /// <summary>The images with another number of channels: gray repeats; colour turns gray only where it is gray already.</summary>
    /// <exception cref="DataFormatException">A pixel has a colour.</exception>
    public PixelImages WithChannels(int channels) => (Channels, channels) switch
    {
        (1, 3) => this with { Channels = 3, Pixels = Pixels.ToArray().SelectMany(b => new[] { b, b, b }).ToArray() },
        (3, 1) => this with { Channels = 1, Pixels = FirstOfEqualChannels() },
        _ => this,
    };

    /// <summary>All images as N×C×H×W.</summary>
    public Tensor ToTensor(PixelScaling scaling)
    {
        scaling.Require(Channels);
        int plane = Height * Width;
        float[] all = new float[new Shape(Count, Channels, Height, Width).Count];
        for (int i = 0; i < Count * Channels; i++)
            Array.ConvertAll(Plane(i / Channels, i % Channels), p => scaling.Apply(p, i % Channels)).CopyTo(all, i * plane);
        return Tensor.FromFloats(new Shape(Count, Channels, Height, Width), all);
    }

    private byte[] FirstOfEqualChannels()
    {
        ReadOnlySpan<byte> pixels = Pixels.Span;
        byte[] gray = new byte[pixels.Length / 3];
        for (int i = 0; i < gray.Length; i++)
        {
            gray[i] = pixels[3 * i];
            if (pixels[(3 * i) + 1] != gray[i] || pixels[(3 * i) + 2] != gray[i])
                throw new DataFormatException("the image has colours and the model takes gray images; convert it first.");
        }

        return gray;
    }
}
