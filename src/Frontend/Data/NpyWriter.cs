using System.Text;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Data;

/// <summary>Writes NumPy's <c>.npy</c> format, version 1, little-endian, C order.</summary>
public static class NpyWriter
{
    /// <summary>The header's length is a multiple of this, so that the data is aligned.</summary>
    private const int Alignment = 64;

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Tensor tensor)
    {
        using FileStream file = File.Create(path);
        Write(file, tensor);
    }

    /// <inheritdoc cref="Write(string, Tensor)"/>
    public static void Write(Stream stream, Tensor tensor)
    {
        (string description, int size) = Format(tensor.Type.Element);
        string shape = string.Concat(tensor.Shape.Dimensions.Select(d => $"{d}, "));
        string header = $"{{'descr': '{description}', 'fortran_order': False, 'shape': ({shape.TrimEnd()}), }}";
        int length = (((10 + header.Length + 1 + Alignment - 1) / Alignment) * Alignment) - 10;
        byte[] start = [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)];
        stream.Write(start);
        stream.Write(Encoding.ASCII.GetBytes(header.PadRight(length - 1) + "\n"));
        stream.Write(Elements(tensor, size));
    }

    private static (string Description, int Size) Format(ElementType element) => element switch
    {
        ElementType.Float32 => ("<f4", 4),
        ElementType.Float64 => ("<f8", 8),
        ElementType.Int64 => ("<i8", 8),
        ElementType.Int32 => ("<i4", 4),
        ElementType.Int16 => ("<i2", 2),
        ElementType.UInt16 => ("<u2", 2),
        ElementType.UInt32 => ("<u4", 4),
        ElementType.UInt64 => ("<u8", 8),
        ElementType.Int8 or ElementType.Int4 => ("|i1", 1),
        ElementType.UInt8 or ElementType.UInt4 => ("|u1", 1),
        ElementType.Bool => ("|b1", 1),
        _ => throw new ArgumentOutOfRangeException(nameof(element), element, message: null),
    };

    private static byte[] Elements(Tensor tensor, int size)
    {
        byte[] bytes = new byte[checked(tensor.Shape.Count * size)];
        for (int i = 0; i < tensor.Shape.Count; i++)
        {
            Span<byte> target = bytes.AsSpan(i * size, size);
            long bits = (tensor.Type.IsFloat, size) switch
            {
                (true, 4) => BitConverter.SingleToInt32Bits(tensor.Floats[i]),
                (true, _) => BitConverter.DoubleToInt64Bits(tensor.Floats[i]),
                _ => tensor.Integers[i],
            };
            for (int b = 0; b < size; b++)
                target[b] = (byte)(bits >> (8 * b));
        }

        return bytes;
    }
}
