namespace PrivateInference.Frontend.Data;

/// <summary>
/// Reads the binary format of CIFAR-10 (https://www.cs.toronto.edu/~kriz/cifar.html): a record is a label byte and 32×32
/// bytes each of red, green and blue.
/// </summary>
internal static class CifarReader
{
    private const int Size = 32, Plane = Size * Size, Channels = 3, Record = 1 + (Channels * Plane);

    /// <exception cref="DataFormatException">The bytes are not a whole number of records, or a label is above 9.</exception>
    public static DataContent Read(ReadOnlySpan<byte> file)
    {
        if (file.Length == 0 || file.Length % Record != 0)
            throw new DataFormatException($"a CIFAR-10 file holds records of {Record} bytes, and it has {file.Length} bytes.");
        int count = file.Length / Record;
        byte[] pixels = new byte[count * Channels * Plane];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> record = file.Slice(i * Record, Record);
            labels[i] = record[0] <= 9 ? record[0] : throw new DataFormatException($"record {i} has the label {record[0]}; CIFAR-10 has 0 to 9.");
            Interleave(record[1..], pixels.AsSpan(i * Channels * Plane));
        }

        return new DataContent.Images(new PixelImages(count, Size, Size, Channels, pixels) { Labels = labels });
    }

    private static void Interleave(ReadOnlySpan<byte> planes, Span<byte> pixels)
    {
        for (int i = 0; i < planes.Length; i++)
            pixels[(i % Plane * Channels) + (i / Plane)] = planes[i];
    }
}
