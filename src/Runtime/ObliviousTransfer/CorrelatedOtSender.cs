using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The sender of <see cref="CorrelatedOt"/>, which holds Δ. Every extension gives fresh correlations.</summary>
public sealed class CorrelatedOtSender
{
    private readonly int _fieldBits;
    private readonly int _fields;
    private readonly Block[] _deltaMasks = new Block[CorrelatedOt.BaseCount];
    private readonly Block[] _matrix = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];
    private readonly Block[] _message;
    private Block[]? _keys;
    private SmallFieldStreams? _streams;

    /// <summary>
    /// The keys of 128 base transfers in which this party was the receiver and chose the bits of <paramref name="delta"/>
    /// (<see cref="Choices"/>).
    /// </summary>
    /// <exception cref="ArgumentException">There are not 128 keys, or no such fields.</exception>
    public CorrelatedOtSender(Block delta, ReadOnlySpan<Block> keys, int fieldBits = CorrelatedOt.FieldBits)
    {
        if (keys.Length != CorrelatedOt.BaseCount)
            throw new ArgumentException($"There must be {CorrelatedOt.BaseCount} keys.", nameof(keys));

        Delta = delta;
        _keys = [.. keys];
        _fieldBits = fieldBits;
        _fields = CorrelatedOt.Fields(fieldBits);
        _message = new Block[CorrelatedOt.TilesPerChunk * _fields];
        for (int i = 0; i < _deltaMasks.Length; i++)
            _deltaMasks[i] = Block.Mask(DeltaBits(i));
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

    /// <summary>Receives <see cref="CorrelatedOt.SetupBytes"/> bytes, before the first extension.</summary>
    /// <exception cref="InvalidOperationException">They have been received.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public void ReceiveSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        Block[] keys = _keys ?? throw new InvalidOperationException("The setup is received once.");
        _keys = null;
        Block[] corrections = new Block[PuncturedTree.Corrections(_fieldBits)];
        Block[] seeds = new Block[_fields << _fieldBits];
        for (int field = 0; field < _fields; field++)
        {
            channel.ReceiveBlocks(corrections);
            int first = field * _fieldBits;
            PuncturedTree.Reconstruct(keys.AsSpan(first, _fieldBits), (uint)DeltaBits(first), corrections, seeds.AsSpan(field << _fieldBits, 1 << _fieldBits));
        }

        _streams = new SmallFieldStreams(_fieldBits, seeds, punctured: true);
    }

    /// <summary>Receives <see cref="CorrelatedOt.ReceiverBytes"/> bytes and computes q.</summary>
    /// <exception cref="InvalidOperationException">There was no setup.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public void Extend(IChannel channel, Span<Block> correlations)
    {
        ArgumentNullException.ThrowIfNull(channel);
        SmallFieldStreams streams = _streams ?? throw new InvalidOperationException("The setup comes first.");
        while (!correlations.IsEmpty)
        {
            int count = Math.Min(correlations.Length, _matrix.Length);
            int tileCount = (count + BitMatrix.TileSize - 1) / BitMatrix.TileSize;
            streams.Read(_matrix, sums: [], tileCount);
            channel.ReceiveBlocks(_message.AsSpan(0, tileCount * _fields));
            for (int tile = 0; tile < tileCount; tile++)
                Correct(_matrix.AsSpan(tile * BitMatrix.TileSize, BitMatrix.TileSize), _message.AsSpan(tile * _fields, _fields));

            _matrix.AsSpan(0, count).CopyTo(correlations);
            correlations = correlations[count..];
        }
    }

    /// <summary>Receives <see cref="CorrelatedOt.ReverseBytes"/> bytes and becomes the receiver of an extension in the other direction.</summary>
    /// <param name="channel">From the receiver.</param>
    /// <param name="hash">The same at both parties.</param>
    /// <exception cref="InvalidOperationException">There was no setup.</exception>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    public CorrelatedOtReceiver Reverse(IChannel channel, TransferHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Block[] correlations = new Block[CorrelatedOt.BaseCount];
        Block[] keysOfZero = new Block[CorrelatedOt.BaseCount], keysOfOne = new Block[CorrelatedOt.BaseCount];
        Extend(channel, correlations);
        hash.HashBoth(Delta, correlations, keysOfZero, keysOfOne);
        return new CorrelatedOtReceiver(keysOfZero, keysOfOne, _fieldBits);
    }

    // A row is that of v ⊕ u·Δ; with (u ⊕ c)·Δ added it is the receiver's ⊕ c·Δ.
    private void Correct(Span<Block> matrix, ReadOnlySpan<Block> message)
    {
        for (int field = 0, i = 0; field < message.Length; field++)
        {
            Block correction = message[field];
            for (int bit = 0; bit < _fieldBits; bit++, i++)
                matrix[i] ^= correction & _deltaMasks[i];
        }

        BitMatrix.Transpose(matrix);
    }

    // Bits of Δ from the given one on, to the end of its half.
    private ulong DeltaBits(int first) => (first < 64 ? Delta.Low : Delta.High) >> (first % 64);
}
