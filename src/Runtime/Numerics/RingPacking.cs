using System.Buffers;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Ring elements on the wire: ℓ bits each, least significant bit first, without gaps.</summary>
public static class RingPacking
{
    // A multiple of 64 elements fills whole words at every ℓ, so chunks join without gaps.
    private const int ChunkElements = 1 << 13;

    /// <summary>Bytes that <paramref name="count"/> elements of ℓ = <paramref name="ringBits"/> bits take.</summary>
    public static long ByteCount(long count, int ringBits) => ((count * ringBits) + 7) / 8;

    public static void Pack(ReadOnlySpan<ulong> elements, int ringBits, Span<byte> destination)
    {
        UInt128 buffer = 0;
        int filled = 0, position = 0;
        ulong mask = Mask(ringBits);
        foreach (ulong element in elements)
        {
            buffer |= (UInt128)(element & mask) << filled;
            for (filled += ringBits; filled >= 8; filled -= 8)
            {
                destination[position++] = (byte)buffer;
                buffer >>= 8;
            }
        }

        if (filled > 0)
            destination[position] = (byte)buffer;
    }

    public static void Unpack(ReadOnlySpan<byte> source, int ringBits, Span<ulong> elements)
    {
        UInt128 buffer = 0;
        int filled = 0, position = 0;
        ulong mask = Mask(ringBits);
        for (int i = 0; i < elements.Length; i++)
        {
            for (; filled < ringBits; filled += 8)
                buffer |= (UInt128)source[position++] << filled;
            elements[i] = (ulong)buffer & mask;
            buffer >>= ringBits;
            filled -= ringBits;
        }
    }

    /// <summary>Sends the elements; exactly <see cref="ByteCount"/> bytes.</summary>
    public static void Send(IChannel channel, ReadOnlySpan<ulong> elements, int ringBits)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)ByteCount(ChunkElements, ringBits));
        for (; !elements.IsEmpty; elements = elements[Math.Min(ChunkElements, elements.Length)..])
        {
            ReadOnlySpan<ulong> chunk = elements[..Math.Min(ChunkElements, elements.Length)];
            Span<byte> bytes = buffer.AsSpan(0, (int)ByteCount(chunk.Length, ringBits));
            Pack(chunk, ringBits, bytes);
            channel.Send(bytes);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    /// <summary>Receives as many elements as <paramref name="elements"/> holds.</summary>
    public static void Receive(IChannel channel, Span<ulong> elements, int ringBits)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)ByteCount(ChunkElements, ringBits));
        for (; !elements.IsEmpty; elements = elements[Math.Min(ChunkElements, elements.Length)..])
        {
            Span<ulong> chunk = elements[..Math.Min(ChunkElements, elements.Length)];
            Span<byte> bytes = buffer.AsSpan(0, (int)ByteCount(chunk.Length, ringBits));
            channel.Receive(bytes);
            Unpack(bytes, ringBits, chunk);
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static ulong Mask(int ringBits) => ringBits == 64 ? ulong.MaxValue : (1UL << ringBits) - 1;
}
