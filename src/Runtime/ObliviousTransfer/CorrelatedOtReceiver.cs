using System.Runtime.InteropServices;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.ObliviousTransfer;

/// <summary>The receiver of <see cref="CorrelatedOt"/>. Every extension gives fresh correlations.</summary>
public sealed class CorrelatedOtReceiver
{
    private readonly int _fields;
    private readonly Block[] _corrections;
    private readonly SmallFieldStreams _streams;
    private readonly Block[] _matrix = new Block[CorrelatedOt.TilesPerChunk * BitMatrix.TileSize];
    private readonly Block[] _message;

    /// <summary>The two keys of each of 128 base transfers in which this party was the sender.</summary>
    /// <exception cref="ArgumentException">There are not 128 keys of each, or no such fields.</exception>
    public CorrelatedOtReceiver(ReadOnlySpan<Block> keysOfZero, ReadOnlySpan<Block> keysOfOne, int fieldBits = CorrelatedOt.FieldBits)
    {
        if (keysOfZero.Length != CorrelatedOt.BaseCount || keysOfOne.Length != CorrelatedOt.BaseCount)
            throw new ArgumentException($"There must be {CorrelatedOt.BaseCount} keys of each choice.", nameof(keysOfOne));

        _fields = CorrelatedOt.Fields(fieldBits);
        _message = new Block[CorrelatedOt.TilesPerChunk * _fields];
        int corrections = PuncturedTree.Corrections(fieldBits);
        _corrections = new Block[_fields * corrections];
        Block[] seeds = new Block[_fields << fieldBits];
        for (int field = 0; field < _fields; field++)
        {
            PuncturedTree.Expand(
                keysOfZero.Slice(field * fieldBits, fieldBits),
                keysOfOne.Slice(field * fieldBits, fieldBits),
                seeds.AsSpan(field << fieldBits, 1 << fieldBits),
                _corrections.AsSpan(field * corrections, corrections));
        }

        _streams = new SmallFieldStreams(fieldBits, seeds, punctured: false);
    }

    /// <summary>Sends <see cref="CorrelatedOt.SetupBytes"/> bytes, which the sender needs before the first extension.</summary>
    public void SendSetup(IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        channel.SendBlocks(_corrections);
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

            _streams.Read(_matrix, _message, tileCount);
            for (int tile = 0; tile < tileCount; tile++)
            {
                foreach (ref Block row in _message.AsSpan(tile * _fields, _fields))
                    row ^= tileChoices[tile];
            }

            channel.SendBlocks(_message.AsSpan(0, tileCount * _fields));
            for (int tile = 0; tile < tileCount; tile++)
                BitMatrix.Transpose(_matrix.AsSpan(tile * BitMatrix.TileSize, BitMatrix.TileSize));

            _matrix.AsSpan(0, count).CopyTo(correlations);
            correlations = correlations[count..];
            choices = choices[choiceBytes..];
        }
    }

    /// <summary>
    /// Sends <see cref="CorrelatedOt.ReverseBytes"/> bytes and becomes the sender of an extension in the other direction, with a fresh
    /// Δ: of its base transfers, which are 128 of this one, this party is the one that chooses.
    /// </summary>
    /// <param name="channel">To the sender.</param>
    /// <param name="hash">The same at both parties.</param>
    public CorrelatedOtSender Reverse(IChannel channel, TransferHash hash)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Block delta = CorrelatedOtSender.CreateDelta();
        Block[] correlations = new Block[CorrelatedOt.BaseCount], keys = new Block[CorrelatedOt.BaseCount];
        Extend(channel, CorrelatedOtSender.Choices(delta), correlations);
        hash.HashChosen(correlations, keys);
        return new CorrelatedOtSender(delta, keys, CorrelatedOt.BaseCount / _fields);
    }
}
