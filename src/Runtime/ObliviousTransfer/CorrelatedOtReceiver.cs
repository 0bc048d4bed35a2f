using System.Runtime.InteropServices;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The receiver of <see cref="CorrelatedOt"/>. Every extension gives fresh correlations.</summary>
public sealed class CorrelatedOtReceiver
{
    private readonly SeedStreams _zero;
    private readonly SeedStreams _one;
    private readonly Block[] _matrix = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];
    private readonly Block[] _message = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];

    /// <summary>The two keys of each of 128 base transfers in which this party was the sender.</summary>
    /// <exception cref="ArgumentException">There are not 128 keys of each.</exception>
    public CorrelatedOtReceiver(ReadOnlySpan<Block> keysOfZero, ReadOnlySpan<Block> keysOfOne)
    {
        _zero = new SeedStreams(keysOfZero);
        _one = new SeedStreams(keysOfOne);
    }

    /// <summary>Sends <see cref="CorrelatedOt.ReceiverBytes"/> bytes and computes t_i = q_i ⊕ c_i·Δ.</summary>
    /// <param name="channel">To the sender.</param>
    /// <param name="choices">c: one bit an entry of <paramref name="correlations"/>; entry i has bit i mod 8 of byte i / 8.</param>
    /// <param name="correlations">t.</param>
    /// <exception cref="ArgumentException">There are fewer choices than correlations.</exception>
    public void Extend(IChannel channel, ReadOnlySpan<byte> choices, Span<Block> correlations)
    {
        ArgumentNullException.ThrowIfNull(channel);
        if ((8L * choices.Length) < correlations.Length)
            throw new ArgumentException("There are fewer choices than correlations.", nameof(choices));

        Span<Block> tileChoices = stackalloc Block[CorrelatedOt.TilesPerChunk];
        while (!correlations.IsEmpty)
        {
            int count = Math.Min(correlations.Length, _matrix.Length);
            int tileCount = (count + BitMatrix.TileSize - 1) / BitMatrix.TileSize;
            int choiceBytes = (count + 7) / 8;
            tileChoices.Clear();
            choices[..choiceBytes].CopyTo(MemoryMarshal.AsBytes(tileChoices));

            Generate(tileChoices, tileCount);
            channel.SendBlocks(_message.AsSpan(0, tileCount * BitMatrix.TileSize));
            for (int tile = 0; tile < tileCount; tile++)
                BitMatrix.Transpose(_matrix.AsSpan(tile * BitMatrix.TileSize, BitMatrix.TileSize));

            _matrix.AsSpan(0, count).CopyTo(correlations);
            correlations = correlations[count..];
            choices = choices[choiceBytes..];
        }
    }

    // IKNP, figure 1: row i of the matrix is G(k_i⁰), of the message G(k_i⁰) ⊕ G(k_i¹) ⊕ c.
    private void Generate(ReadOnlySpan<Block> tileChoices, int tileCount)
    {
        _zero.Read(_matrix, tileCount);
        _one.Read(_message, tileCount);
        for (int tile = 0; tile < tileCount; tile++)
        {
            Span<Block> message = _message.AsSpan(tile * BitMatrix.TileSize, BitMatrix.TileSize);
            ReadOnlySpan<Block> matrix = _matrix.AsSpan(tile * BitMatrix.TileSize, BitMatrix.TileSize);
            for (int i = 0; i < message.Length; i++)
                message[i] ^= matrix[i] ^ tileChoices[tile];
        }
    }
}
