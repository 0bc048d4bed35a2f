using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PrivateInference.IR.Printing;

/// <summary>
/// SHA-256 over a tensor's elements as held, in little-endian order: 4 bytes an element for floating point types,
/// 8 for integers and booleans. Type and shape are not part of it.
/// </summary>
public static class TensorDigest
{
    /// <summary>The digest, 32 bytes.</summary>
    public static byte[] Of(Tensor tensor)
        => tensor.Type.IsFloat ? Hash(MemoryMarshal.Cast<float, int>(tensor.Floats)) : Hash(tensor.Integers);

    /// <summary>The first four bytes of the digest as eight hexadecimal digits, enough to tell two weights apart by eye.</summary>
    public static string Short(Tensor tensor) => Convert.ToHexStringLower(Of(tensor).AsSpan(0, 4));

    private static byte[] Hash(ReadOnlySpan<int> elements)
    {
        if (BitConverter.IsLittleEndian)
            return SHA256.HashData(MemoryMarshal.AsBytes(elements));
        int[] swapped = new int[elements.Length];
        BinaryPrimitives.ReverseEndianness(elements, swapped);
        return SHA256.HashData(MemoryMarshal.AsBytes(swapped.AsSpan()));
    }

    private static byte[] Hash(ReadOnlySpan<long> elements)
    {
        if (BitConverter.IsLittleEndian)
            return SHA256.HashData(MemoryMarshal.AsBytes(elements));
        long[] swapped = new long[elements.Length];
        BinaryPrimitives.ReverseEndianness(elements, swapped);
        return SHA256.HashData(MemoryMarshal.AsBytes(swapped.AsSpan()));
    }
}
