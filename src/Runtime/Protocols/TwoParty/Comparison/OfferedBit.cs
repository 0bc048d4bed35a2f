using System.Runtime.InteropServices;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The server's half of a random bit β = β_s ⊕ β_c, shared in the ring as β_s + β_c − 2·β_s·β_c; <see cref="ChosenBit"/> is the
/// client's. A bit x that is opened as o = x ⊕ β is shared in the ring as o + (1 − 2o)·β.
/// </summary>
internal sealed class OfferedBit(int words)
{
    private readonly OfferedWords _products = new(words);

    /// <summary>β_s, a plane.</summary>
    public ulong[] Bits { get; } = new ulong[words];

    /// <summary>Draws β_s.</summary>
    public void Draw(AesCtrGenerator random) => random.Fill(MemoryMarshal.AsBytes(Bits.AsSpan()));

    /// <inheritdoc cref="OfferedWords.Offer"/>
    public void Offer(TransferPads pads, Block delta, TransferBatch batch, int transfer) => _products.Offer(pads, delta, batch, transfer);

    /// <summary>Sends the corrections of <paramref name="count"/> elements; the ring has one bit more than they.</summary>
    public void Send(IChannel channel, int count, int bits)
    {
        ulong[] factors = new ulong[count];
        for (int i = 0; i < count; i++)
            factors[i] = 0 - BitPlanes.Bit(Bits, i);
        _products.Send(channel, factors, bits);
    }

    /// <summary>This party's share of x, in the ring.</summary>
    public ulong Share(int element, ReadOnlySpan<ulong> opened)
    {
        ulong open = BitPlanes.Bit(opened, element);
        return open + ((1 - (2 * open)) * (BitPlanes.Bit(Bits, element) - (2 * _products.Zero[element])));
    }

    /// <summary>What is left when the corrections are sent.</summary>
    public void Keep(MaterialFields fields)
    {
        fields.Keep(Bits);
        _products.Keep(fields, sent: true);
    }

    public void Clear()
    {
        _products.Clear();
        Array.Clear(Bits);
    }
}
