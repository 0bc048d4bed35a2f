using System.Runtime.InteropServices;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Randomness;

/// <summary>Blocks over a channel, 16 bytes each, whatever their number.</summary>
public static class BlockChannel
{
    // A span of bytes ends at 2^31; a span of blocks reaches sixteen times as far.
    private const int BlocksPerPiece = 1 << 20;

    public static void SendBlocks(this IChannel channel, ReadOnlySpan<Block> blocks)
    {
        ArgumentNullException.ThrowIfNull(channel);
        for (; blocks.Length > BlocksPerPiece; blocks = blocks[BlocksPerPiece..])
            channel.Send(MemoryMarshal.AsBytes(blocks[..BlocksPerPiece]));
        channel.Send(MemoryMarshal.AsBytes(blocks));
    }

    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public static void ReceiveBlocks(this IChannel channel, Span<Block> blocks)
    {
        ArgumentNullException.ThrowIfNull(channel);
        for (; blocks.Length > BlocksPerPiece; blocks = blocks[BlocksPerPiece..])
            channel.Receive(MemoryMarshal.AsBytes(blocks[..BlocksPerPiece]));
        channel.Receive(MemoryMarshal.AsBytes(blocks));
    }
}
