using System.Numerics;

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
    public static byte[] Pack(ReadOnlySpan<ulong> words, int bitsPerWord) => Pack<ulong>(words, bitsPerWord);

    /// <inheritdoc cref="Pack(ReadOnlySpan{ulong}, int)"/>
    internal static byte[] Pack<TWord>(ReadOnlySpan<TWord> words, int bitsPerWord)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        byte[] packed = new byte[ByteCount((long)words.Length * bitsPerWord)];
        Pack(words, bitsPerWord, packed);
        return packed;
    }

    /// <summary>As above, into memory of as many bytes as that takes.</summary>
    internal static void Pack<TWord>(ReadOnlySpan<TWord> words, int bitsPerWord, Span<byte> packed)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        BitWriter writer = new(packed);
        TWord mask = Words.Mask<TWord>(bitsPerWord);
        foreach (TWord word in words)
            writer.Write(word & mask, bitsPerWord);
        writer.Flush();
    }

    /// <summary>The inverse of <see cref="Pack(ReadOnlySpan{ulong}, int)"/>.</summary>
    /// <exception cref="ArgumentException">The bytes are too few or too many for the words.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int bitsPerWord, Span<ulong> words) => Unpack<ulong>(packed, bitsPerWord, words);

    /// <inheritdoc cref="Unpack(ReadOnlySpan{byte}, int, Span{ulong})"/>
    internal static void Unpack<TWord>(ReadOnlySpan<byte> packed, int bitsPerWord, Span<TWord> words)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        if (packed.Length != ByteCount((long)words.Length * bitsPerWord))
            throw new ArgumentException($"{words.Length} words of {bitsPerWord} bits are not {packed.Length} bytes.", nameof(packed));
        BitReader reader = new(packed);
        foreach (ref TWord word in words)
            word = reader.Read<TWord>(bitsPerWord);
    }

    /// <summary>Bit <paramref name="index"/>, in the lowest bit of the result.</summary>
    internal static ulong Bit(ReadOnlySpan<byte> packed, long index) => (ulong)packed[(int)(index >> 3)] >> (int)(index & 7);
}
