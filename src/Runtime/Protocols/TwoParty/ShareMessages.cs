using System.Numerics;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>One party's share of a tensor on the wire: ℓ bits an element, without gaps.</summary>
internal static class ShareMessages
{
    /// <summary>Elements that are packed and handed on at a time, a whole number of bytes for any ring: half a millisecond at 100 Mbit/s.</summary>
    private const int PieceCount = 1 << 10;

    /// <summary>The pieces of elements that a party handles as they arrive.</summary>
    public static IEnumerable<Range> Pieces(int count)
    {
        for (int start = 0; start < count; start += PieceCount)
            yield return start..Math.Min(start + PieceCount, count);
    }

    /// <summary>Sends pieces as they are packed, so that the network has work from the first one on.</summary>
    public static void Send<TWord>(IChannel channel, ReadOnlySpan<TWord> share, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        Span<byte> packed = new byte[PackedBits.ByteCount((long)Math.Min(PieceCount, share.Length) * ringBits)];
        for (; !share.IsEmpty; share = share[Math.Min(PieceCount, share.Length)..])
        {
            ReadOnlySpan<TWord> piece = share[..Math.Min(PieceCount, share.Length)];
            Span<byte> bytes = packed[..PackedBits.ByteCount((long)piece.Length * ringBits)];
            PackedBits.Pack(piece, ringBits, bytes);
            channel.Send(bytes);
        }
    }

    /// <summary>Receives as many elements as <paramref name="share"/> holds.</summary>
    public static void Receive<TWord>(IChannel channel, Span<TWord> share, int ringBits)
        where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
    {
        Span<byte> packed = new byte[PackedBits.ByteCount((long)Math.Min(PieceCount, share.Length) * ringBits)];
        for (; !share.IsEmpty; share = share[Math.Min(PieceCount, share.Length)..])
        {
            Span<TWord> piece = share[..Math.Min(PieceCount, share.Length)];
            Span<byte> bytes = packed[..PackedBits.ByteCount((long)piece.Length * ringBits)];
            channel.Receive(bytes);
            PackedBits.Unpack(bytes, ringBits, piece);
        }
    }
}
