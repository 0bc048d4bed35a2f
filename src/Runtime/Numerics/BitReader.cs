using System.Buffers.Binary;
using System.Numerics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Reads what <see cref="BitWriter"/> wrote.</summary>
internal ref struct BitReader(ReadOnlySpan<byte> source)
{
    private readonly ReadOnlySpan<byte> _source = source;
    private ulong _pending;
    private int _pendingBits;
    private int _offset;

    /// <summary>The next <paramref name="bits"/> bits, 1 to 64.</summary>
    public ulong Read(int bits)
    {
        var mask = bits == 64 ? ulong.MaxValue : (1UL << bits) - 1;
        if (bits <= _pendingBits)
        {
            var value = _pending & mask;
            _pending = bits == 64 ? 0 : _pending >> bits;
            _pendingBits -= bits;
            return value;
        }

        var (next, available) = NextWord();
        var result = (_pending | (next << _pendingBits)) & mask;
        var taken = bits - _pendingBits;
        _pending = taken == 64 ? 0 : next >> taken;
        _pendingBits = available - taken;
        return result;
    }

    /// <summary>The next <paramref name="bits"/> bits, 1 to 128.</summary>
    public UInt128 ReadWide(int bits)
    {
        if (bits <= 64)
            return Read(bits);
        var low = Read(64);
        return new UInt128(Read(bits - 64), low);
    }

    /// <summary>The next <paramref name="bits"/> bits, as many as a word has at most.</summary>
    public TWord Read<TWord>(int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => bits <= Words.NarrowBits ? TWord.CreateTruncating(Read(bits)) : TWord.CreateTruncating(ReadWide(bits));

    private (ulong Word, int Bits) NextWord()
    {
        var rest = _source[_offset..];
        if (rest.Length >= sizeof(ulong))
        {
            _offset += sizeof(ulong);
            return (BinaryPrimitives.ReadUInt64LittleEndian(rest), 64);
        }

        ulong word = 0;
        for (var i = 0; i < rest.Length; i++)
            word |= (ulong)rest[i] << (8 * i);
        _offset += rest.Length;
        return (word, 8 * rest.Length);
    }
}
