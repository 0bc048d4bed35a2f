namespace PrivateInference.Runtime.Garbling;

/// <summary>Appends bits to bytes that are zero, lowest bit first.</summary>
internal ref struct BitWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private long _position;

    /// <summary>Appends the low <paramref name="bits"/> bits, 1 to 64, of <paramref name="word"/>.</summary>
    public void Write(ulong word, int bits)
    {
        word &= ulong.MaxValue >> (64 - bits);
        for (int written = 0; written < bits;)
        {
            int offset = (int)(_position & 7);
            int taken = Math.Min(8 - offset, bits - written);
            _destination[(int)(_position >> 3)] |= (byte)(word << offset);
            word >>= taken;
            written += taken;
            _position += taken;
        }
    }
}
