namespace PrivateInference.Runtime.Garbling;

/// <summary>Bits in bytes, lowest bit first, across instances without gaps: the form of choices, colours and decoding bits.</summary>
public static class PackedBits
{
    /// <summary>⌈bits / 8⌉.</summary>
    public static int ByteCount(long bits) => checked((int)((bits + 7) / 8));

    /// <summary>The low <paramref name="bitsPerWord"/> bits of each word, one after another.</summary>
    public static byte[] Pack(ReadOnlySpan<ulong> words, int bitsPerWord)
    {
        byte[] packed = new byte[ByteCount((long)words.Length * bitsPerWord)];
        var writer = new BitWriter(packed);
        foreach (ulong word in words)
            writer.Write(word, bitsPerWord);
        return packed;
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    /// <exception cref="ArgumentException">The bytes are too few or too many for the words.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitsPerWord, Span<ulong> words)
    {
        if (packed.Length != ByteCount((long)words.Length * bitsPerWord))
            throw new ArgumentException($"{words.Length} words of {bitsPerWord} bits are not {packed.Length} bytes.", nameof(packed));

        long position = 0;
        foreach (ref ulong word in words)
        {
            word = Read(packed, position, bitsPerWord);
            position += bitsPerWord;
        }
    }

    /// <summary>Bit <paramref name="index"/>, in the lowest bit of the result.</summary>
    internal static ulong Bit(ReadOnlySpan<byte> packed, long index) => (ulong)packed[(int)(index >> 3)] >> (int)(index & 7);

    private static ulong Read(ReadOnlySpan<byte> packed, long position, int bits)
    {
        ulong word = 0;
        int filled = 0;
        while (filled < bits)
        {
            int offset = (int)(position & 7);
            int taken = Math.Min(8 - offset, bits - filled);
            ulong piece = ((ulong)packed[(int)(position >> 3)] >> offset) & ((1UL << taken) - 1);
            word |= piece << filled;
            filled += taken;
            position += taken;
        }

        return word;
    }
}
