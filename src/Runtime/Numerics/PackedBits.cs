namespace PrivateInference.Runtime.Numerics;

/// <summary>
/// Words of a fixed number of bits in bytes, lowest bit first and without gaps: ring elements, choices, colours and decoding
/// bits on the wire.
/// </summary>
public static class PackedBits
{
    /// <summary>⌈bits / 8⌉.</summary>
    public static int ByteCount(long bits) => checked((int)((bits + 7) / 8));

    /// <summary>The low <paramref name="bitsPerWord"/> bits of each word, one after another.</summary>
    public static byte[] Pack(ReadOnlySpan<ulong> words, int bitsPerWord)
    {
        byte[] packed = new byte[ByteCount((long)words.Length * bitsPerWord)];
        BitWriter writer = new(packed);
        ulong mask = new Ring(bitsPerWord).Mask;
        foreach (ulong word in words)
            writer.Write(word & mask, bitsPerWord);
        writer.Flush();
        return packed;
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    /// <exception cref="ArgumentException">The bytes are too few or too many for the words.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitsPerWord, Span<ulong> words)
    {
        if (packed.Length != ByteCount((long)words.Length * bitsPerWord))
            throw new ArgumentException($"{words.Length} words of {bitsPerWord} bits are not {packed.Length} bytes.", nameof(packed));
        BitReader reader = new(packed);
        foreach (ref ulong word in words)
            word = reader.Read(bitsPerWord);
    }

    /// <summary>Bit <paramref name="index"/>, in the lowest bit of the result.</summary>
    internal static ulong Bit(ReadOnlySpan<byte> packed, long index) => (ulong)packed[(int)(index >> 3)] >> (int)(index & 7);
}
