using System.Buffers.Binary;

namespace PrivateInference.Frontend.Data;

/// <summary>Reads the IDX format of the MNIST family: big-endian dimensions, unsigned bytes.</summary>
internal static class IdxReader
{
    private const byte UnsignedByte = 0x08;

    /// <summary>Whether the bytes begin like an IDX file of at least one dimension.</summary>
    public static bool IsIdx(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] is >= 0x08 and <= 0x0E && bytes[3] > 0;

    /// <summary>Number of dimensions in the header.</summary>
    public static int Rank(ReadOnlySpan<byte> bytes) => bytes[3];

    /// <exception cref="DataFormatException">The bytes are not images.</exception>
    public static PixelImages Images(ReadOnlyMemory<byte> bytes)
    {
        (int[] dimensions, ReadOnlyMemory<byte> elements) = Read(bytes);
        return dimensions.Length == 3
            ? new PixelImages(dimensions[0], dimensions[1], dimensions[2], 1, elements)
            : throw new DataFormatException($"an IDX file of images has three dimensions, and it has {dimensions.Length}.");
    }

    /// <exception cref="DataFormatException">The bytes are not labels.</exception>
    public static int[] Labels(ReadOnlyMemory<byte> bytes)
    {
        (int[] dimensions, ReadOnlyMemory<byte> elements) = Read(bytes);
        return dimensions.Length == 1
            ? Array.ConvertAll(elements.ToArray(), b => (int)b)
            : throw new DataFormatException($"an IDX file of labels has one dimension, and it has {dimensions.Length}.");
    }

    private static (int[] Dimensions, ReadOnlyMemory<byte> Elements) Read(ReadOnlyMemory<byte> file)
    {
        ReadOnlySpan<byte> bytes = file.Span;
        if (!IsIdx(bytes))
            throw new DataFormatException("it is not an IDX file.");
        if (bytes[2] != UnsignedByte)
            throw new DataFormatException($"its elements are of type 0x{bytes[2]:X2}; only unsigned bytes (0x08) are images or labels.");
        int rank = Rank(bytes), start = 4 + (4 * rank);
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
