using System.Buffers.Binary;

namespace PrivateInference.Frontend.Data;

/// <summary>Reads the IDX format of the MNIST family: big-endian dimensions, unsigned bytes.</summary>
internal static class IdxReader
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Whether the bytes begin like an IDX file of at least one dimension.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] is >= 0x08 and <= 0x0E && bytes[3] > 0;

    /// <summary>Labels from a file of one dimension, gray images from one of three.</summary>
    /// <exception cref="DataFormatException">The bytes are neither.</exception>
    public static DataContent Read(ReadOnlyMemory<byte> file)
    {
        (int[] dimensions, ReadOnlyMemory<byte> elements) = ReadElements(file);
        return dimensions switch
        {
            [_] => new DataContent.Labels(Array.ConvertAll(elements.ToArray(), b => (int)b)),
            [var count, var height, var width] => new DataContent.Images(new PixelImages(count, height, width, 1, elements)),
            _ => throw new DataFormatException($"an IDX file has one dimension (labels) or three (images), and it has {dimensions.Length}."),
        };
    }

    private static (int[] Dimensions, ReadOnlyMemory<byte> Elements) ReadElements(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (bytes[2] != UnsignedByte)
            throw new DataFormatException($"its elements are of type 0x{bytes[2]:X2}; only unsigned bytes (0x08) are images or labels.");
        int rank = bytes[3], start = 4 + (4 * rank);
        if (bytes.Length < start)
            throw new DataFormatException("the header is cut off.");
        int[] dimensions = new int[rank];
        long count = 1;
        for (int i = 0; i < rank; i++)
        {
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + (4 * i))..]);
            count *= dimension;
            if (dimension == 0 || count > bytes.Length)
                throw new DataFormatException("its dimensions do not fit its size.");
            dimensions[i] = (int)dimension;
        }

        return count == bytes.Length - start
            ? (dimensions, file[start..])
            : throw new DataFormatException($"its dimensions need {count} bytes and there are {bytes.Length - start}.");
    }
}
