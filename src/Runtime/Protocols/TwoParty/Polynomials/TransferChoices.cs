using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>Makes the bits of a party's words choose in transfers whose choices were random (<see cref="ChosenChoice"/>). The message has been begun.</summary>
internal static class TransferChoices
{
    /// <summary>The choosing party.</summary>
    /// <param name="channel">To the other party.</param>
    /// <param name="keys">As many transfers as the words have bits.</param>
    /// <param name="words">What chooses.</param>
    /// <param name="bits">Bits of a word.</param>
    public static void Send<TWord>(MessageChannel channel, ReadOnlySpan<Block> keys, ReadOnlySpan<TWord> words, int bits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        byte[] chosen = PackedBits.Pack(words, bits), corrections = new byte[chosen.Length];
        ChosenChoice.Request(keys, chosen, corrections);
        Array.Clear(chosen);
        channel.Send(corrections);
    }

    /// <summary>The offering party.</summary>
    /// <param name="channel">From the other party.</param>
    /// <param name="keys">The transfers; changed.</param>
    /// <param name="delta">Their Δ.</param>
    public static void Receive(MessageChannel channel, Span<Block> keys, Block delta)
    {
        byte[] corrections = new byte[ChosenChoice.ReceiverBytes(keys.Length)];
        channel.Receive(corrections);
        ChosenChoice.Apply(delta, corrections, keys);
    }
}
