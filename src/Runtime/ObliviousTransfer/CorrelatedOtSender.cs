using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The sender of <see cref="CorrelatedOt"/>, which holds Δ. Every extension gives fresh correlations.</summary>
public sealed class CorrelatedOtSender
{
    private readonly SeedStreams _streams;
    private readonly Block[] _deltaMasks = new Block[CorrelatedOt.BaseCount];
    private readonly Block[] _matrix = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];
    private readonly Block[] _message = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];

    /// <summary>
    /// The keys of 128 base transfers in which this party was the receiver and chose the bits of <paramref name="delta"/>
    /// (<see cref="Choices"/>).
    /// </summary>
    /// <exception cref="ArgumentException">There are not 128 keys.</exception>
    public CorrelatedOtSender(Block delta, ReadOnlySpan<Block> keys)
    {
        Delta = delta;
        _streams = new SeedStreams(keys);
        for (int i = 0; i < _deltaMasks.Length; i++)
            _deltaMasks[i] = Block.Mask((i < 64 ? delta.Low : delta.High) >> (i % 64));
    }

    /// <summary>Δ: secret, and the same for all correlations of this object.</summary>
    public Block Delta { get; }

    /// <summary>A fresh Δ; its bit 0 is one, so that it can offset the labels of point-and-permute garbling.</summary>
    public static Block CreateDelta()
    {
        Block random = SecureRandom.NextBlock();
        return new Block(random.Low | 1, random.High);
    }

    /// <summary>Δ as the packed choices of 128 base transfers.</summary>
    public static byte[] Choices(Block delta)
    {
        byte[] choices = new byte[Block.Size];
        delta.Write(choices);
        return choices;
    }

    /// <summary>Receives <see cref="CorrelatedOt.ReceiverBytes"/> bytes and computes q.</summary>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public void Extend(IChannel channel, Span<Block> correlations)
    {
        ArgumentNullException.ThrowIfNull(channel);
        while (!correlations.IsEmpty)
        {
            int count = Math.Min(correlations.Length, _matrix.Length);
            int tileCount = (count + BitMatrix.TileSize - 1) / BitMatrix.TileSize;
            _streams.Read(_matrix, tileCount);
            channel.ReceiveBlocks(_message.AsSpan(0, tileCount * BitMatrix.TileSize));
            for (int tile = 0; tile < tileCount; tile++)
                Correct(tile * BitMatrix.TileSize);

            _matrix.AsSpan(0, count).CopyTo(correlations);
            correlations = correlations[count..];
        }
    }

    // IKNP, figure 1: row i is G(k_i^Δᵢ) ⊕ Δᵢ·uᵢ, which is the receiver's row ⊕ Δᵢ·c.
    private void Correct(int start)
    {
        Span<Block> matrix = _matrix.AsSpan(start, BitMatrix.TileSize);
        ReadOnlySpan<Block> message = _message.AsSpan(start, BitMatrix.TileSize);
        for (int i = 0; i < matrix.Length; i++)
            matrix[i] ^= message[i] & _deltaMasks[i];
        BitMatrix.Transpose(matrix);
    }
}
