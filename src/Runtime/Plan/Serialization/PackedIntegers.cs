using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PrivateInference.Runtime.Numerics;

namespace PrivateInference.Runtime.Plan.Serialization;

/// <summary>Signed integers in a fixed number of bytes each, two's complement, little endian.</summary>
internal static class PackedIntegers
{
    /// <summary>The fewest bytes that hold every element, at least 1.</summary>
    public static int Width(ReadOnlySpan<long> elements)
    {
        ulong magnitude = 0;
        foreach (long element in elements)
            magnitude |= (ulong)(element ^ (element >> 63));
        int bits = 65 - (int)ulong.LeadingZeroCount(magnitude);
        return (bits + 7) / 8;
    }

    public static byte[] Pack(ReadOnlySpan<long> elements, int width)
    {
        byte[] bytes = new byte[checked(elements.Length * width)];
        Span<byte> word = stackalloc byte[sizeof(long)];
        for (int i = 0; i < elements.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(word, elements[i]);
            word[..width].CopyTo(bytes.AsSpan(i * width));
        }

        return bytes;
    }

    public static ImmutableArray<long> Unpack(ReadOnlySpan<byte> bytes, int width)
    {
        long[] elements = new long[bytes.Length / width];
        Span<byte> word = stackalloc byte[sizeof(long)];
        for (int i = 0; i < elements.Length; i++)
        {
            bytes.Slice(i * width, width).CopyTo(word);
            elements[i] = Ring.ToSigned(BinaryPrimitives.ReadUInt64LittleEndian(word), 8 * width);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(elements);
    }
}
