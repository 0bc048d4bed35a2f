using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>Products of a random bit of this party and a word of the other's; see <see cref="OfferedWords"/>.</summary>
internal sealed class ChosenWords(int words)
{
    /// <summary>The random bits, a plane.</summary>
    public ulong[] Choices { get; } = new ulong[words];

    /// <summary>By instance, once corrected: this party's share of the product.</summary>
    public ulong[] Products { get; } = new ulong[words * BitPlanes.Lanes];

    public void Choose(TransferPads pads, TransferBatch batch, int transfer)
    {
        for (int word = batch.First; word < batch.End; word++)
            Choices[word] = pads.ChooseWords(batch.Of(transfer, word), Products.AsSpan(word * BitPlanes.Lanes, BitPlanes.Lanes));
    }

    /// <summary>Receives the other party's corrections of so many elements.</summary>
    public void Receive(IChannel channel, int count, int bits)
    {
        byte[] packed = new byte[PackedBits.ByteCount((long)count * bits)];
        channel.Receive(packed);
        ulong[] corrections = new ulong[count];
        PackedBits.Unpack(packed, bits, corrections);
        for (int i = 0; i < count; i++)
            Products[i] += (0 - BitPlanes.Bit(Choices, i)) & corrections[i];
    }

    public void Keep(MaterialFields fields)
    {
        fields.Keep(Choices);
        fields.Keep(Products);
    }

    public void Clear()
    {
        Array.Clear(Choices);
        Array.Clear(Products);
    }
}
