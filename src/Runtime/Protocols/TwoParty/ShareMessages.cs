using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>One party's share of a tensor on the wire: ℓ bits an element, without gaps.</summary>
internal static class ShareMessages
{
    public static void Send(IChannel channel, ReadOnlySpan<ulong> share, int ringBits)
        => channel.Send(PackedBits.Pack(share, ringBits));

    /// <summary>Receives as many elements as <paramref name="share"/> holds.</summary>
    public static void Receive(IChannel channel, Span<ulong> share, int ringBits)
    {
        byte[] packed = new byte[PackedBits.ByteCount((long)share.Length * ringBits)];
        channel.Receive(packed);
        PackedBits.Unpack(packed, ringBits, share);
    }
}
