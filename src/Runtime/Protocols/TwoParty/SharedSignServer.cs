using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The server of <see cref="SharedSignProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class SharedSignServer : IDisposable
{
    private readonly SharedSignProtocol _protocol;
    private Block _labelSeed = SecureRandom.NextBlock();
    private readonly PooledBlocks _clientLabels;
    private readonly byte[] _permuteBits;

    // H(K) − H(K ⊕ Δ) − 2w, which goes into τ, and w − H(K), which goes into its share.
    private readonly ulong[] _product;
    private readonly ulong[] _constant;
    private readonly ulong[] _chosen;
    private bool _disposed;

    public SharedSignServer(SharedSignProtocol protocol)
    {
        _protocol = protocol;
        _clientLabels = new PooledBlocks(protocol.ClientInputs);
        _permuteBits = new byte[PackedBits.ByteCount(protocol.Labelled.Decisions)];
        _product = new ulong[protocol.Groups.Elements];
        _constant = new ulong[protocol.Groups.Elements];
        _chosen = new ulong[protocol.Groups.Elements];
    }

    /// <summary>Offline: transfers the labels of the client's deciding shares, and of its part of the noise.</summary>
    public void ReceiveTransfers(MessageChannel channel, CorrelatedOtSender transfers, AesCtrGenerator random)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.Transfers);
        transfers.Extend(channel, _clientLabels.Span[.._protocol.DecisionInputs]);
        _protocol.Noise?.ReceiveTransfers(channel, transfers, random, _clientLabels.Span[_protocol.DecisionInputs..]);
        channel.EndReceive();
    }

    /// <summary>Offline: garbles, and chooses its permute bits in the other direction's transfers.</summary>
    public void SendTables(MessageChannel channel, HalfGatesGarbler garbler, CorrelatedOtReceiver choices)
    {
        using PooledBlocks labels = new(_protocol.Labelled.Decisions);
        channel.BeginSend(MessageKind.Step, _protocol.Tables);
        Garble(channel, garbler, labels.Span);
        _clientLabels.Dispose();
        TweakableHash outputHash = new(garbler.Session.StartPoint, garbler.Session.Reserve(_protocol.Pads.Tweaks));
        TweakableHash choiceHash = new(garbler.Session.StartPoint, garbler.Session.Reserve(_protocol.Pads.Tweaks));
        ReadPermuteBits(labels.Span, garbler.Delta);
        _protocol.Pads.FillBoth(outputHash, labels.Span, garbler.Delta, _constant, _product);
        for (int i = 0; i < _constant.Length; i++)
        {
            _product[i] = _constant[i] - _product[i];
            _constant[i] = 0 - _constant[i];
        }

        choices.Extend(channel, _permuteBits, labels.Span);
        channel.EndSend();
        _protocol.Pads.Fill(choiceHash, labels.Span, _chosen);
    }

    /// <summary>Offline: learns w, its half of its permute bits times the client's shares.</summary>
    public void ReceiveCorrections(MessageChannel channel)
    {
        ulong[] corrections = new ulong[_chosen.Length];
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections);
        ShareMessages.Receive(channel, corrections, _protocol.Ring.Bits);
        channel.EndReceive();
        for (int i = 0; i < corrections.Length; i++)
        {
            ulong product = _chosen[i] + (PermuteMask(i) & corrections[i]);
            _product[i] -= 2 * product;
            _constant[i] += product;
        }

        Array.Clear(_chosen);
    }

    /// <summary>
    /// Online: from its shares of the deciding and the decided values to its share y − r of the output; clears the material. Stops after
    /// each message, so that steps can take turns.
    /// </summary>
    /// <returns>What it has sent or received.</returns>
    public IEnumerable<PlannedMessage> Run(
        MessageChannel channel, HalfGatesGarbler garbler, ulong[] decisionShare, ulong[] inputShare, ulong[] outputShare)
    {
        // Labels of two inputs would reveal Δ.
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] inputs = PackedBits.Pack(_protocol.Groups.Select(decisionShare), _protocol.DecisionBits);
        for (int i = 0; i < inputShare.Length; i++)
        {
            ulong permute = PermuteMask(i) ^ _protocol.TurnMask(i);
            _product[i] += inputShare[i] - (2 * (permute & inputShare[i]));
            _constant[i] += permute & inputShare[i];
        }

        channel.BeginSend(MessageKind.Step, _protocol.Labels);
        garbler.SendInputLabels(_protocol.Circuit, _protocol.Groups.Decisions, _labelSeed, inputs, channel);
        ShareMessages.Send<ulong>(channel, _product, _protocol.Ring.Bits);
        channel.EndSend();
        yield return _protocol.Labels;

        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive<ulong>(channel, outputShare, _protocol.Ring.Bits);
        channel.EndReceive();
        _protocol.Ring.Add(outputShare, _constant, outputShare);
        Dispose();
        yield return _protocol.Shares;
    }

    /// <summary>What is left when the offline calls are done.</summary>
    public void Keep(MaterialFields fields)
    {
        fields.Keep(ref _labelSeed);
        fields.Keep(_permuteBits);
        fields.Keep(_product);
        fields.Keep(_constant);
    }

    public void Dispose()
    {
        _disposed = true;
        _clientLabels.Dispose();
        Array.Clear(_permuteBits);
        Array.Clear(_product);
        Array.Clear(_constant);
        Array.Clear(_chosen);
    }

    private void Garble(MessageChannel channel, HalfGatesGarbler garbler, Span<Block> labels)
    {
        using PooledBlocks decisions = new(_protocol.Groups.Decisions), noise = new(_protocol.Noise is null ? 0 : _protocol.Groups.Elements);
        garbler.GarbleToLabels(
            _protocol.Circuit, _protocol.Groups.Decisions, _labelSeed, _clientLabels.Span[.._protocol.DecisionInputs], channel, decisions.Span);
        _protocol.Noise?.SendTables(channel, garbler, _clientLabels.Span[_protocol.DecisionInputs..], noise.Span);
        _protocol.Combine(decisions.Span, noise.Span, labels);
    }

    /// <summary>Notes the permute bits, and turns the labels of zero into those of colour 0.</summary>
    private void ReadPermuteBits(Span<Block> labels, Block delta)
    {
        for (int decision = 0; decision < labels.Length; decision++)
        {
            ulong permute = labels[decision].LeastSignificantBit;
            _permuteBits[decision / 8] |= (byte)(permute << (decision % 8));
            labels[decision] ^= labels[decision].MaskOfLeastSignificantBit() & delta;
        }
    }

    /// <summary>All bits the permute bit of an element's label.</summary>
    private ulong PermuteMask(int element) => 0 - (PackedBits.Bit(_permuteBits, _protocol.Labelled.DecisionOf[element]) & 1);
}
