using System.Buffers.Binary;
using System.Numerics;

namespace PrivateInference.Runtime.Numerics;

/// <summary>Packs unsigned integers of a fixed number of bits, least significant bit first.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private ulong _pending;
    private int _pendingBits;
    private int _offset;

    /// <summary>Appends the low <paramref name="bits"/> bits, 1 to 64; the bits above must be zero.</summary>
    public void Write(ulong value, int bits)
    {
        _pending |= value << _pendingBits;
        var total = _pendingBits + bits;
        if (total < 64)
        {
            _pendingBits = total;
            return;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(_destination[_offset..], _pending);
        _offset += sizeof(ulong);
        _pending = _pendingBits == 0 ? 0 : value >> (64 - _pendingBits);
        _pendingBits = total - 64;
    }

    /// <summary>Appends the low <paramref name="bits"/> bits, 1 to 128; the bits above must be zero.</summary>
    public void Write(UInt128 value, int bits)
    {
        Write((ulong)value, Math.Min(bits, 64));
        if (bits > 64)
            Write((ulong)(value >> 64), bits - 64);
    }

    /// <summary>Appends the low <paramref name="bits"/> bits, as many as a word has at most; the bits above must be zero.</summary>
    public void Write<TWord>(TWord value, int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        if (bits <= Words.NarrowBits)
            Write(ulong.CreateTruncating(value), bits);
        else
            Write(UInt128.CreateTruncating(value), bits);
    }

    /// <summary>Writes the last, partly filled bytes; their unused bits are zero.</summary>
    public void Flush()
    {
        for (; _pendingBits > 0; _pendingBits -= 8)
        {
            _destination[_offset++] = (byte)_pending;
            _pending >>= 8;
        }

        _pendingBits = 0;
    }
}
