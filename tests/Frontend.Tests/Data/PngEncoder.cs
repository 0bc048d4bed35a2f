using System.Buffers.Binary;
using System.IO.Compression;
using PrivateInference.Frontend.Data;

namespace PrivateInference.Frontend.Tests.Data;

/// <summary>Writes small PNG files, with any row filter.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(int width, int height, byte colorType, byte[] pixels, byte filter = 0, byte[]? palette = null, byte depth = 8, byte interlace = 0)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (depth, colorType, interlace);
        int pixelSize = colorType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] data = Deflate(Filtered(pixels, width * pixelSize, pixelSize, filter));
        return
        [
            0x89, .. "PNG"u8, 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, header),
            .. palette is null ? [] : Chunk("PLTE"u8, palette),
            .. Chunk("tEXt"u8, "note"u8.ToArray()),
            .. Chunk("IDAT"u8, data[..(data.Length / 2)]),
            .. Chunk("IDAT"u8, data[(data.Length / 2)..]),
            .. Chunk("IEND"u8, []),
        ];
    }

    public static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        byte[] length = new byte[4], crc = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Compute(body));
        return [.. length, .. body, .. crc];
    }

    private static byte[] Filtered(byte[] pixels, int rowSize, int pixelSize, byte filter)
    {
        List<byte> result = [];
        for (int start = 0; start < pixels.Length; start += rowSize)
        {
            result.Add(filter);
            for (int i = 0; i < rowSize; i++)
            {
                int left = i < pixelSize ? 0 : pixels[start + i - pixelSize];
                int above = start == 0 ? 0 : pixels[start + i - rowSize];
                int corner = i < pixelSize || start == 0 ? 0 : pixels[start + i - rowSize - pixelSize];
                int prediction = filter switch { 1 => left, 2 => above, 3 => (left + above) / 2, 4 => Nearest(left, above, corner), _ => 0 };
                result.Add((byte)(pixels[start + i] - prediction));
            }
        }

        return [.. result];
    }

    private static int Nearest(int a, int b, int c)
        => new[] { a, b, c }.MinBy(v => Math.Abs(a + b - c - v)); // MinBy keeps the first of equals

    private static byte[] Deflate(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (ZLibStream zlib = new(stream, CompressionLevel.Fastest))
            zlib.Write(bytes);
        return stream.ToArray();
    }
}
