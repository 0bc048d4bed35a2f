using System.Runtime.InteropServices;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The client of <see cref="SharedSignProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class SharedSignClient : IDisposable
{
    private readonly SharedSignProtocol _protocol;
    private readonly PooledBlocks _labels;
    private readonly PooledBlocks _choiceKeys;

    // The labels of its part of the noise, until the tables are there; then of the noise, one an element. Without noise none.
    private readonly PooledBlocks _noiseInputs;
    private readonly PooledBlocks _noise;

    // What it adds to its answer whatever the colour is, and what besides where the colour is 1.
    private readonly ulong[] _constant;
    private readonly ulong[] _colored;
    private GarbledTables? _tables;
    private ulong _firstPadTweak;
    private TweakableHash? _choiceHash;
    private Block _choiceDelta;

    public SharedSignClient(SharedSignProtocol protocol)
    {
        _protocol = protocol;
        _labels = new PooledBlocks(protocol.DecisionInputs);
        _choiceKeys = new PooledBlocks(protocol.Labelled.Decisions);
        _noiseInputs = new PooledBlocks(protocol.Noise?.ClientInputs ?? 0);
        _noise = new PooledBlocks(protocol.Noise is null ? 0 : protocol.Groups.Elements);
        _constant = new ulong[protocol.Groups.Elements];
        _colored = new ulong[protocol.Groups.Elements];
    }

    /// <summary>Offline: obtains the labels of its deciding shares, and of its part of the noise.</summary>
    public void SendTransfers(MessageChannel channel, CorrelatedOtReceiver transfers, ReadOnlySpan<ulong> decisionShare, AesCtrGenerator random)
    {
        byte[] choices = PackedBits.Pack(_protocol.Groups.Select(decisionShare), _protocol.DecisionBits);
        channel.BeginSend(MessageKind.Step, _protocol.Transfers);
        transfers.Extend(channel, choices, _labels.Span);
        _protocol.Noise?.SendTransfers(channel, transfers, random, _noiseInputs.Span);
        channel.EndSend();
    }

    /// <summary>Offline: stores the tables, and the keys between which the server chooses.</summary>
    public void ReceiveTables(MessageChannel channel, GarblingSession session, CorrelatedOtSender choices)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.Tables);
        _tables = GarbledTables.Receive(session, _protocol.Circuit, _protocol.Groups.Decisions, channel);
        _protocol.Noise?.ReceiveTables(channel, session, _noiseInputs.Span, _noise.Span);
        _noiseInputs.Dispose();
        choices.Extend(channel, _choiceKeys.Span);
        channel.EndReceive();
        _firstPadTweak = session.Reserve(_protocol.Pads.Tweaks);
        _choiceHash = new TweakableHash(session.StartPoint, session.Reserve(_protocol.Pads.Tweaks));
        _choiceDelta = choices.Delta;
    }

    /// <summary>
    /// Offline: sends H(q) − H(q ⊕ Δ) + x_c and keeps v = H(q), in what it will answer; where the opposite decision counts,
    /// −x_c and H(q) − x_c.
    /// </summary>
    public void SendCorrections(MessageChannel channel, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
    {
        int count = _protocol.Groups.Elements;
        ulong[] kept = new ulong[count], corrections = new ulong[count];
        _protocol.Pads.FillBoth(_choiceHash!, _choiceKeys.Span, _choiceDelta, kept, corrections);
        _choiceKeys.Dispose();
        for (int i = 0; i < count; i++)
        {
            ulong turned = _protocol.TurnMask(i) & inputShare[i];
            corrections[i] = kept[i] - corrections[i] + inputShare[i] - (2 * turned);
            kept[i] -= turned;
            _constant[i] = 0 - kept[i] - outputShare[i];
            _colored[i] = inputShare[i] + (2 * kept[i]);
        }

        Array.Clear(kept);
        channel.BeginSend(MessageKind.Step, _protocol.Corrections);
        ShareMessages.Send(channel, corrections, _protocol.Ring.Bits);
        channel.EndSend();
    }

    /// <summary>Online: evaluates the decisions, multiplies, and answers; clears the material. Stops after each message, so that steps can take turns.</summary>
    /// <returns>What it has received or sent.</returns>
    public IEnumerable<PlannedMessage> Run(MessageChannel channel)
    {
        using PooledBlocks serverLabels = new(_protocol.DecisionInputs);
        ulong[] products = new ulong[_protocol.Groups.Elements];
        channel.BeginReceive(MessageKind.Step, _protocol.Labels);
        channel.Receive(MemoryMarshal.AsBytes(serverLabels.Span));
        ShareMessages.Receive<ulong>(channel, products, _protocol.Ring.Bits);
        channel.EndReceive();
        yield return _protocol.Labels;

        ulong[] shares = Multiply(serverLabels.Span, products);
        Dispose();
        channel.BeginSend(MessageKind.Step, _protocol.Shares);
        ShareMessages.Send<ulong>(channel, shares, _protocol.Ring.Bits);
        channel.EndSend();
        yield return _protocol.Shares;
    }

    /// <summary>What is left when the offline calls are done.</summary>
    public void Keep(MaterialFields fields)
    {
        _tables ??= GarbledTables.Empty(_protocol.Circuit, _protocol.Groups.Decisions);
        _tables.Keep(fields);
        fields.Keep(_labels.Span);
        fields.Keep(_noise.Span);
        fields.Keep(_constant);
        fields.Keep(_colored);
        fields.Keep(ref _firstPadTweak);
    }

    public void Dispose()
    {
        _labels.Dispose();
        _choiceKeys.Dispose();
        _noiseInputs.Dispose();
        _noise.Dispose();
        _tables?.Dispose();
        Array.Clear(_constant);
        Array.Clear(_colored);
    }

    // Its answer, of the labels of the server's shares and the server's halves of the products.
    private ulong[] Multiply(ReadOnlySpan<Block> serverLabels, ReadOnlySpan<ulong> products)
    {
        using PooledBlocks decisions = new(_protocol.Groups.Decisions), outputs = new(_protocol.Labelled.Decisions);
        ulong[] shares = new ulong[products.Length];
        GarbledTables tables = _tables ?? throw new InvalidOperationException("The tables have not been received.");
        HalfGatesEvaluator.EvaluateToLabels(tables, serverLabels, _labels.Span, decisions.Span);
        _protocol.Combine(decisions.Span, _noise.Span, outputs.Span);
        _protocol.Pads.Fill(new TweakableHash(tables.StartPoint, _firstPadTweak), outputs.Span, shares);
        ReadOnlySpan<Block> labels = outputs.Span;
        ReadOnlySpan<int> labelOf = _protocol.Labelled.DecisionOf;
        for (int i = 0; i < shares.Length; i++)
        {
            ulong color = 0 - labels[labelOf[i]].LeastSignificantBit;
            shares[i] += _constant[i] + (color & (products[i] + _colored[i]));
        }

        return shares;
    }
}
