using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Garbling;

/// <summary>
/// The garbler of <see cref="HalfGates"/>. The zero labels of its own inputs are the stream of a 16-byte seed, so that it
/// keeps the seed and regenerates them when it knows its inputs; those of the evaluator's inputs come from correlated
/// oblivious transfer under the same <paramref name="delta"/>.
/// </summary>
/// <param name="session">Advanced in lockstep with the evaluator's.</param>
/// <param name="delta">Δ, the secret offset between the two labels of every wire; bit 0 is one.</param>
public sealed class HalfGatesGarbler(GarblingSession session, Block delta)
{
    /// <summary>Δ.</summary>
    internal Block Delta => delta;

    /// <summary>The tweaks, for a protocol that goes on hashing output labels.</summary>
    internal GarblingSession Session => session;

    /// <summary>Garbles <paramref name="instances"/> instances and sends <see cref="HalfGates.TableBytes"/> bytes.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="instances">How many; any number.</param>
    /// <param name="seed">Fresh and secret; <see cref="SendInputLabels"/> needs it again, once.</param>
    /// <param name="evaluatorZeroLabels">[instance][bit]; never used for another run.</param>
    /// <param name="channel">To the evaluator.</param>
    /// <param name="permuteBits">Gets the <see cref="HalfGates.ColorBytes"/> bytes that decode the outputs' colours.</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    public void Garble(
        Circuit circuit,
        int instances,
        Block seed,
        ReadOnlySpan<Block> evaluatorZeroLabels,
        IChannel channel,
        Span<byte> permuteBits)
    {
        if (permuteBits.Length != HalfGates.ColorBytes(circuit, instances))
            throw new ArgumentException("There must be one permute bit an output.", nameof(permuteBits));
        permuteBits.Clear();
        Garble(circuit, instances, seed, evaluatorZeroLabels, channel, permuteBits, outputZeroLabels: []);
    }

    /// <summary>As <see cref="Garble(Circuit, int, Block, ReadOnlySpan{Block}, IChannel, Span{byte})"/>, for outputs that are used as labels.</summary>
    /// <param name="circuit">The circuit.</param>
    /// <param name="instances">How many; any number.</param>
    /// <param name="seed">Fresh and secret; <see cref="SendInputLabels"/> needs it again, once.</param>
    /// <param name="evaluatorZeroLabels">[instance][bit]; never used for another run.</param>
    /// <param name="channel">To the evaluator.</param>
    /// <param name="outputZeroLabels">Gets the labels of zero, [instance][output].</param>
    /// <exception cref="ArgumentException">A span has the wrong length.</exception>
    internal void GarbleToLabels(
        Circuit circuit, int instances, Block seed, ReadOnlySpan<Block> evaluatorZeroLabels, IChannel channel, Span<Block> outputZeroLabels)
    {
        if (outputZeroLabels.Length != (long)circuit.Outputs.Length * instances)
            throw new ArgumentException("There must be one label an output.", nameof(outputZeroLabels));
        Garble(circuit, instances, seed, evaluatorZeroLabels, channel, permuteBits: [], outputZeroLabels);
    }

    private void Garble(
        Circuit circuit,
        int instances,
        Block seed,
        ReadOnlySpan<Block> evaluatorZeroLabels,
        IChannel channel,
        Span<byte> permuteBits,
        Span<Block> outputZeroLabels)
    {
        if (evaluatorZeroLabels.Length != HalfGates.EvaluatorLabels(circuit, instances))
            throw new ArgumentException("There must be one label an evaluator's input bit.", nameof(evaluatorZeroLabels));

        var hash = new TweakableHash(session.StartPoint, session.Reserve(HalfGates.Tweaks(circuit, instances)));
        var garblerLabels = new AesCtrGenerator(seed);
        var labels = new Block[circuit.WireSlots * Lanes.Count];
        var inputs = new Block[circuit.GarblerInputs * Lanes.Count];
        var tables = new Block[2 * circuit.AndGates * Lanes.Count];
        long outputPosition = 0;
        for (int block = 0; block < HalfGates.Blocks(instances); block++)
        {
            int count = HalfGates.InstancesOf(block, instances);
            Span<Block> own = inputs.AsSpan(0, count * circuit.GarblerInputs);
            garblerLabels.Fill(own);
            Lanes.Load(own, circuit.GarblerInputs, labels, 0);
            ReadOnlySpan<Block> others = evaluatorZeroLabels[..(count * circuit.EvaluatorInputs)];
            Lanes.Load(others, circuit.EvaluatorInputs, labels, circuit.GarblerInputs);
            evaluatorZeroLabels = evaluatorZeroLabels[others.Length..];

            Span<Block> sent = tables.AsSpan(0, 2 * circuit.AndGates * count);
            GarbleBlock(circuit, hash, labels, count, sent);
            channel.SendBlocks(sent);
            if (!permuteBits.IsEmpty)
                Lanes.StoreColors(labels, circuit.Outputs.AsSpan(), count, outputPosition, permuteBits);
            if (!outputZeroLabels.IsEmpty)
                Lanes.Store(labels, circuit.Outputs.AsSpan(), count, outputZeroLabels[(int)outputPosition..]);
            outputPosition += (long)count * circuit.Outputs.Length;
        }
    }

    /// <summary>Sends the labels of this party's inputs: <see cref="HalfGates.GarblerLabelBytes"/> bytes.</summary>
    /// <param name="circuit">The circuit that was garbled.</param>
    /// <param name="instances">The instances that were garbled.</param>
    /// <param name="seed">The seed it was garbled with. Labels of two different inputs would reveal Δ: send once.</param>
    /// <param name="inputs">Packed bits, [instance][bit].</param>
    /// <param name="channel">To the evaluator.</param>
    /// <exception cref="ArgumentException">There are too few input bits.</exception>
    public void SendInputLabels(Circuit circuit, int instances, Block seed, ReadOnlySpan<byte> inputs, IChannel channel)
    {
        ArgumentNullException.ThrowIfNull(circuit);
        long bits = (long)instances * circuit.GarblerInputs;
        if (inputs.Length != PackedBits.ByteCount(bits))
            throw new ArgumentException("There must be one bit a garbler's input.", nameof(inputs));

        var zeroLabels = new AesCtrGenerator(seed);
        var piece = new Block[1024];
        for (long position = 0; position < bits; position += piece.Length)
        {
            Span<Block> labels = piece.AsSpan(0, (int)Math.Min(piece.Length, bits - position));
            zeroLabels.Fill(labels);
            for (int i = 0; i < labels.Length; i++)
                labels[i] ^= Block.Mask(PackedBits.Bit(inputs, position + i)) & delta;
            channel.SendBlocks(labels);
        }
    }

    private void GarbleBlock(Circuit circuit, TweakableHash hash, Span<Block> labels, int count, Span<Block> tables)
    {
        Span<Block> hashes = stackalloc Block[4 * Lanes.Count];
        foreach (Gate gate in circuit.Gates.AsSpan())
        {
            switch (gate.Kind)
            {
                case GateKind.Xor:
                    Lanes.Xor(labels, gate);
                    break;
                case GateKind.Not:
                    Lanes.Offset(Lanes.Of(labels, gate.Left), delta, Lanes.Of(labels, gate.Output));
                    break;
                default:
                    GarbleAnd(hash, labels, gate, hashes, tables[..count], tables.Slice(count, count));
                    tables = tables[(2 * count)..];
                    break;
            }
        }
    }

    // Zahur, Rosulek and Evans, figure 2. The labels of zero are a and b, those of one a ⊕ Δ and b ⊕ Δ.
    private void GarbleAnd(
        TweakableHash hash, Span<Block> labels, Gate gate, Span<Block> hashes, Span<Block> garblerHalf, Span<Block> evaluatorHalf)
    {
        ReadOnlySpan<Block> left = Lanes.Of(labels, gate.Left);
        ReadOnlySpan<Block> right = Lanes.Of(labels, gate.Right);
        Span<Block> left0 = Lanes.Of(hashes, 0);
        Span<Block> left1 = Lanes.Of(hashes, 1);
        Span<Block> right0 = Lanes.Of(hashes, 2);
        Span<Block> right1 = Lanes.Of(hashes, 3);
        ref readonly AesKey garblerKey = ref hash.NextKey();
        TweakableHash.Hash(in garblerKey, left, default, left0);
        TweakableHash.Hash(in garblerKey, left, delta, left1);
        ref readonly AesKey evaluatorKey = ref hash.NextKey();
        TweakableHash.Hash(in evaluatorKey, right, default, right0);
        TweakableHash.Hash(in evaluatorKey, right, delta, right1);

        Span<Block> output = Lanes.Of(labels, gate.Output);
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            Block a = left[lane];
            Block b = right[lane];
            Block tableG = left0[lane] ^ left1[lane] ^ (b.MaskOfLeastSignificantBit() & delta);
            Block tableE = right0[lane] ^ right1[lane] ^ a;
            Block garblerOutput = left0[lane] ^ (a.MaskOfLeastSignificantBit() & tableG);
            Block evaluatorOutput = right0[lane] ^ (b.MaskOfLeastSignificantBit() & (tableE ^ a));
            output[lane] = garblerOutput ^ evaluatorOutput;
            if (lane < garblerHalf.Length)
            {
                garblerHalf[lane] = tableG;
                evaluatorHalf[lane] = tableE;
            }
        }
    }
}
