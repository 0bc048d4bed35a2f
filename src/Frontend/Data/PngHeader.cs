using System.Buffers.Binary;

namespace PrivateInference.Frontend.Data;

/// <summary>The IHDR chunk of a PNG file, restricted to what <see cref="PngReader"/> decodes.</summary>
internal sealed record PngHeader(int Width, int Height, PngColor Color)
{
    private const int MaxSide = 1 << 14;

    /// <summary>Bytes a pixel takes in the file.</summary>
    public int PixelSize => Color switch
    {
        PngColor.Gray or PngColor.Palette => 1,
        PngColor.GrayAlpha => 2,
        PngColor.Rgb => 3,
        PngColor.RgbAlpha => 4,
        _ => throw new InvalidOperationException($"Unknown colour type {Color}."),
    };

    /// <summary>Bytes a row takes, without its filter byte.</summary>
    public int RowSize => Width * PixelSize;

    /// <summary>Bytes all rows take, each with its filter byte.</summary>
    public long DataSize => Height * (1L + RowSize);

    /// <exception cref="DataFormatException">The image is of a kind that is not decoded, or the chunk is damaged.</exception>
    public static PngHeader Parse(ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length != 13)
            throw new DataFormatException("the PNG header is damaged.");
        uint width = BinaryPrimitives.ReadUInt32BigEndian(chunk), height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        if (width is 0 or > MaxSide || height is 0 or > MaxSide)
            throw new DataFormatException($"an image of {width}×{height} pixels is outside the limits (1 to {MaxSide} a side).");
        if (chunk[8] != 8)
            throw new DataFormatException($"the image has {chunk[8]} bits a channel; save it with 8.");
        if (!Enum.IsDefined((PngColor)chunk[9]) || chunk[10] != 0 || chunk[11] != 0)
            throw new DataFormatException("the PNG header names a colour type or a method that does not exist.");
        if (chunk[12] != 0)
            throw new DataFormatException("the image is interlaced; save it without interlacing.");
        return new PngHeader((int)width, (int)height, (PngColor)chunk[9]);
    }
}
