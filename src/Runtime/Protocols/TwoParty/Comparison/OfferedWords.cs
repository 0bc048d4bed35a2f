using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// Products of a word of this party, known whenever it likes, and a random bit that the other party's transfer chose:
/// correlated oblivious transfer, corrected to the word. <see cref="ChosenWords"/> is the other end.
/// </summary>
internal sealed class OfferedWords(int words)
{
    private readonly ulong[] _difference = new ulong[words * BitPlanes.Lanes];

    /// <summary>The message of choice 0 by instance; its negative is this party's share of the product.</summary>
    public ulong[] Zero { get; } = new ulong[words * BitPlanes.Lanes];

    public void Offer(TransferPads pads, Block delta, TransferBatch batch, int transfer)
    {
        for (int word = batch.First; word < batch.End; word++)
            pads.OfferWords(delta, batch.Of(transfer, word), Group(Zero, word), Group(_difference, word));
    }

    /// <summary>Sends what turns the transfers into those of this party's factors, <paramref name="bits"/> an element. Once.</summary>
    public void Send(IChannel channel, ReadOnlySpan<ulong> factors, int bits)
    {
        for (int i = 0; i < factors.Length; i++)
            _difference[i] = factors[i] - _difference[i];
        channel.Send(PackedBits.Pack(_difference.AsSpan(0, factors.Length), bits));
        Array.Clear(_difference);
    }

    /// <param name="fields">What is done with them.</param>
    /// <param name="sent">Whether the factors are sent, so that one message of each pair is left.</param>
    public void Keep(MaterialFields fields, bool sent)
    {
        fields.Keep(Zero);
        if (!sent)
            fields.Keep(_difference);
    }

    public void Clear()
    {
        Array.Clear(_difference);
        Array.Clear(Zero);
    }

    private static Span<ulong> Group(ulong[] words, int word) => words.AsSpan(word * BitPlanes.Lanes, BitPlanes.Lanes);
}
