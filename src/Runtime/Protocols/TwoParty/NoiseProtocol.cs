using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Plan.Steps;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Random bits of a public probability t / 2^k as garbled labels: the noise of <see cref="SharedSignProtocol"/>, inside of whose
/// offline messages this one's parts are. For each bit either party draws k uniform bits from its session's generator, whose
/// seed is fresh from the operating system; a garbled circuit compares their exclusive or with t. One honest party makes it
/// uniform, so neither knows a bit, nor anything of it but its probability, and the drawn words are not kept.
/// <para>
/// The client obtains the labels of its words by correlated oblivious transfer; the server shifts those of zero by its own
/// words, which is the exclusive or and costs nothing. Everything happens offline: 4k bytes from the client and at most
/// 32(k − 1) from the server for each bit.
/// </para>
/// </summary>
internal sealed class NoiseProtocol(DecisionNoise noise, int count)
{
    private readonly Circuit _circuit = NoiseCircuit.Create(noise.Bits, noise.Threshold);

    /// <summary>Transfers: one for each bit of the client's words.</summary>
    public int ClientInputs => checked(count * noise.Bits);

    /// <summary>From the client: the transfers.</summary>
    public long TransferBytes => CorrelatedOt.ReceiverBytes(ClientInputs);

    /// <summary>From the server: the tables.</summary>
    public long TableBytes => HalfGates.TableBytes(_circuit, count);

    /// <summary>What the client keeps: one label a bit.</summary>
    public long ClientBytes => (long)count * Block.Size;

    public WorkCost ChoiceWork => CorrelatedOt.ReceiverWork(ClientInputs) + DrawWork;

    public WorkCost OfferWork => CorrelatedOt.SenderWork(ClientInputs) + DrawWork;

    public WorkCost GarblingWork => HalfGates.GarblingWork(_circuit, count);

    /// <summary>The client stores the tables and evaluates them at once.</summary>
    public WorkCost EvaluationWork => WorkCost.Of(Primitive.StoredByte, TableBytes) + HalfGates.EvaluationWork(_circuit, count) + WorkCost.Of(Primitive.ReleasedByte, TableBytes);

    private WorkCost DrawWork => WorkCost.Stream((ClientInputs + Block.Bits - 1) / Block.Bits);

    /// <summary>The client draws its words and obtains their labels.</summary>
    public void SendTransfers(MessageChannel channel, CorrelatedOtReceiver transfers, AesCtrGenerator random, Span<Block> labels)
    {
        byte[] word = Draw(random);
        transfers.Extend(channel, word, labels);
        Array.Clear(word);
    }

    /// <summary>The server offers the labels, draws its words, and gets the labels of zero of the words' exclusive or.</summary>
    public void ReceiveTransfers(MessageChannel channel, CorrelatedOtSender transfers, AesCtrGenerator random, Span<Block> zeroLabels)
    {
        transfers.Extend(channel, zeroLabels);
        byte[] word = Draw(random);
        for (int i = 0; i < zeroLabels.Length; i++)
            zeroLabels[i] ^= Block.Mask(PackedBits.Bit(word, i)) & transfers.Delta;
        Array.Clear(word);
    }

    /// <summary>The server garbles, and learns the bits' labels of zero.</summary>
    public void SendTables(MessageChannel channel, HalfGatesGarbler garbler, ReadOnlySpan<Block> zeroLabels, Span<Block> bits)
        => garbler.GarbleToLabels(_circuit, count, seed: default, zeroLabels, channel, bits);

    /// <summary>The client evaluates, and learns a label of each bit.</summary>
    public void ReceiveTables(MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> labels, Span<Block> bits)
    {
        using GarbledTables tables = GarbledTables.Receive(session, _circuit, count, channel);
        HalfGatesEvaluator.EvaluateToLabels(tables, [], labels, bits);
    }

    private byte[] Draw(AesCtrGenerator random)
    {
        byte[] word = new byte[PackedBits.ByteCount(ClientInputs)];
        random.Fill(word);
        return word;
    }
}
