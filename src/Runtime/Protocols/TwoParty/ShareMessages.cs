using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>One party's share of a tensor on the wire: ℓ bits an element, without gaps.</summary>
internal static class ShareMessages
{
    public static void Send<TWord>(IChannel channel, ReadOnlySpan<TWord> share, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
        => channel.Send(PackedBits.Pack<TWord>(share, ringBits));

    /// <summary>Receives as many elements as <paramref name="share"/> holds.</summary>
    public static void Receive<TWord>(IChannel channel, Span<TWord> share, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        byte[] packed = new byte[PackedBits.ByteCount((long)share.Length * ringBits)];
        channel.Receive(packed);
        PackedBits.Unpack<TWord>(packed, ringBits, share);
    }
}
