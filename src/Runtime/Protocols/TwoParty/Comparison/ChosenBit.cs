using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The client's half of a random bit that is shared in the ring; see <see cref="OfferedBit"/>.</summary>
internal sealed class ChosenBit(int words)
{
    private readonly ChosenWords _products = new(words);

    /// <summary>β_c, a plane.</summary>
    public ReadOnlySpan<ulong> Bits => _products.Choices;

    /// <inheritdoc cref="ChosenWords.Choose"/>
    public void Choose(TransferPads pads, TransferBatch batch, int transfer) => _products.Choose(pads, batch, transfer);

    /// <inheritdoc cref="ChosenWords.Receive"/>
    public void Receive(IChannel channel, int count, int bits) => _products.Receive(channel, count, bits);

    /// <summary>This party's share of x, in the ring.</summary>
    public ulong Share(int element, ReadOnlySpan<ulong> opened)
        => (1 - (2 * BitPlanes.Bit(opened, element))) * (BitPlanes.Bit(Bits, element) + (2 * _products.Products[element]));

    public void Keep(MaterialFields fields) => _products.Keep(fields);

    public void Clear() => _products.Clear();
}
