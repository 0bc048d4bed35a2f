using System.Buffers.Binary;
using System.IO.Compression;

namespace PrivateInference.Frontend.Data;

/// <summary>
/// Decodes PNG images of 8 bits a channel without interlacing: gray, colour or palette. Transparency is ignored.
/// </summary>
internal static class PngReader
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <exception cref="DataFormatException">The bytes are not such an image, or are damaged.</exception>
    public static PixelImages Read(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        if (!bytes.StartsWith(Signature))
            throw new DataFormatException("it is not a PNG file.");
        bytes = bytes[Signature.Length..];
        ReadOnlySpan<byte> type = NextChunk(ref bytes, out ReadOnlySpan<byte> chunk);
        PngHeader header = type.SequenceEqual("IHDR"u8) ? PngHeader.Parse(chunk) : throw new DataFormatException("the PNG header is missing.");
        if (header.DataSize > maxBytes)
            throw new DataFormatException($"the image has {header.DataSize} bytes and the limit is {maxBytes}.");
        byte[] palette = [];
        using MemoryStream compressed = new();
        while (!(type = NextChunk(ref bytes, out chunk)).SequenceEqual("IEND"u8))
        {
            if (type.SequenceEqual("IDAT"u8))
                compressed.Write(chunk);
            else if (type.SequenceEqual("PLTE"u8))
                palette = chunk.ToArray();
            else if ((type[0] & 0x20) == 0)
                throw new DataFormatException("the PNG file has a critical chunk of an unknown kind.");
        }

        return ToImage(header, Rows(header, compressed), palette);
    }

    /// <summary>Takes a chunk off the front; its type is returned.</summary>
    private static ReadOnlySpan<byte> NextChunk(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> data)
    {
        const int overhead = 12; // length, type and checksum
        uint length = bytes.Length < overhead ? uint.MaxValue : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (length > bytes.Length - overhead)
            throw new DataFormatException("the PNG file is cut off.");
        ReadOnlySpan<byte> typeAndData = bytes.Slice(4, 4 + (int)length);
        if (Crc32.Compute(typeAndData) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(8 + (int)length)..]))
            throw new DataFormatException("the PNG file is damaged: a checksum does not match.");
        data = typeAndData[4..];
        bytes = bytes[(overhead + (int)length)..];
        return typeAndData[..4];
    }

    /// <summary>The restored rows, without filter bytes.</summary>
    private static byte[] Rows(PngHeader header, MemoryStream compressed)
    {
        byte[] raw = Inflate(compressed, (int)header.DataSize);
        byte[] rows = new byte[header.Height * header.RowSize];
        Span<byte> above = new byte[header.RowSize];
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> filtered = raw.AsSpan(y * (1 + header.RowSize), 1 + header.RowSize);
            Span<byte> row = rows.AsSpan(y * header.RowSize, header.RowSize);
            filtered[1..].CopyTo(row);
            PngFilters.Restore(filtered[0], row, above, header.PixelSize);
            above = row;
        }

        return rows;
    }

    private static byte[] Inflate(MemoryStream compressed, int size)
    {
        compressed.Position = 0;
        byte[] raw = new byte[size];
        try
        {
            using ZLibStream zlib = new(compressed, CompressionMode.Decompress);
            zlib.ReadExactly(raw);
            return zlib.ReadByte() < 0 ? raw : throw new DataFormatException("the image data is longer than the image.");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new DataFormatException($"the image data is damaged: {e.Message}", e);
        }
    }

    private static PixelImages ToImage(PngHeader header, byte[] rows, byte[] palette) => header.Color switch
    {
        PngColor.Gray => Image(header, 1, rows),
        PngColor.Rgb => Image(header, 3, rows),
        PngColor.GrayAlpha => Image(header, 1, Channels(rows, 2, 1)),
        PngColor.RgbAlpha => Image(header, 3, Channels(rows, 4, 3)),
        PngColor.Palette => Image(header, 3, Colors(rows, palette)),
        _ => throw new InvalidOperationException($"Unknown colour type {header.Color}."),
    };

    private static PixelImages Image(PngHeader header, int channels, byte[] pixels) => new(1, header.Height, header.Width, channels, pixels);

    /// <summary>The first <paramref name="kept"/> channels of each pixel.</summary>
    private static byte[] Channels(byte[] pixels, int channels, int kept)
    {
        byte[] result = new byte[pixels.Length / channels * kept];
        for (int i = 0; i < result.Length; i++)
            result[i] = pixels[(i / kept * channels) + (i % kept)];
        return result;
    }

    private static byte[] Colors(byte[] indices, byte[] palette)
    {
        byte[] result = new byte[3 * indices.Length];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((3 * indices[i]) + 3 > palette.Length)
                throw new DataFormatException("a pixel has a colour that the palette does not hold.");
            palette.AsSpan(3 * indices[i], 3).CopyTo(result.AsSpan(3 * i));
        }

        return result;
    }
}
