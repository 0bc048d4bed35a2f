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
    private int ImageSize => Height * Width * Channels;

    /// <summary>One image as channels × height × width.</summary>
    public float[] Planar(int index, PixelScaling scaling)
    {
        ReadOnlySpan<byte> source = Pixels.Span.Slice(index * ImageSize, ImageSize);
        float[] result = new float[ImageSize];
        int plane = Height * Width;
        for (int pixel = 0; pixel < plane; pixel++)
        {
            for (int channel = 0; channel < Channels; channel++)
                result[(channel * plane) + pixel] = Scale(source[(pixel * Channels) + channel], scaling);
        }

        return result;
    }

    /// <summary>One image as height × width × channels.</summary>
    public float[] Interleaved(int index, PixelScaling scaling)
        => Array.ConvertAll(Pixels.Slice(index * ImageSize, ImageSize).ToArray(), b => Scale(b, scaling));

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
        float[] all = new float[new Shape(Count, Channels, Height, Width).Count];
        for (int i = 0; i < Count; i++)
            Planar(i, scaling).CopyTo(all, i * ImageSize);
        return Tensor.FromFloats(new Shape(Count, Channels, Height, Width), all);
    }

    private static float Scale(byte value, PixelScaling scaling) => scaling == PixelScaling.Unit ? value / 255f : value;

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
