using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The server of <see cref="OtSharedSignProtocol"/>.</summary>
internal sealed class OtSharedSignServer : IComparisonServer
{
    private readonly OtSharedSignProtocol _protocol;
    private readonly ServerDigits _digits;
    private readonly MergeTriples _triples;
    private readonly ulong[] _choices;

    // By element: a share of δ times the client's share, once corrected; what its own corrections and its share of δ times its own come from.
    private readonly ulong[] _peerProduct;
    private readonly ulong[] _ownZero;
    private readonly ulong[] _ownDifference;
    private bool _disposed;

    public OtSharedSignServer(OtSharedSignProtocol protocol)
    {
        _protocol = protocol;
        int elements = protocol.Groups.Elements;
        _digits = new ServerDigits(protocol.Circuit.Tree.Digits, protocol.Words);
        _triples = new MergeTriples(protocol.Circuit.Tree.Merges, protocol.Words);
        _choices = new ulong[protocol.Words];
        _peerProduct = new ulong[elements];
        _ownZero = new ulong[elements];
        _ownDifference = new ulong[elements];
    }

    /// <inheritdoc/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        using PooledBlocks labels = new(_protocol.Words * BitPlanes.Lanes);
        TransferPads pads = new(session, _protocol.ServerChosen.Count);
        channel.BeginReceive(MessageKind.Step, _protocol.ServerChoices);
        foreach ((int first, int count) in _protocol.ServerChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ServerChosen.Correlations(first, count));
            transfers.Choices.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            _digits.Choose(pads, batch);
            _triples.Choose(pads, batch, _protocol.Circuit.DigitTransfers);
            batch.CopyTo(_protocol.Circuit.ServerChoices, labels.Span);
        }

        channel.EndReceive();
        BitPlanes.Choices(labels.Span, _choices);
        _protocol.Pads.Fill(new TweakableHash(session.StartPoint, session.Reserve(_protocol.Pads.Tweaks)), labels.Span, _peerProduct);
    }

    /// <inheritdoc/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session, AesCtrGenerator random)
    {
        using PooledBlocks labels = new(_protocol.Words * BitPlanes.Lanes);
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        channel.BeginSend(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Offers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            _triples.Offer(pads, transfers.Offers.Delta, batch, firstTransfer: 0);
            batch.CopyTo(_protocol.Circuit.ClientChoices, labels.Span);
        }

        _triples.Complete();
        _digits.SendPairs(channel);
        channel.EndSend();
        _protocol.Pads.FillBoth(new TweakableHash(session.StartPoint, session.Reserve(_protocol.Pads.Tweaks)), labels.Span, transfers.Offers.Delta, _ownZero, _ownDifference);
        for (int i = 0; i < _ownZero.Length; i++)
            _ownDifference[i] -= _ownZero[i];
    }

    /// <inheritdoc/>
    public void ReceiveCorrections(MessageChannel channel)
    {
        ulong[] corrections = new ulong[_peerProduct.Length];
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections);
        _digits.ReceiveCorrections(channel);
        ShareMessages.Receive(channel, corrections, _protocol.Ring.Bits);
        channel.EndReceive();
        ReadOnlySpan<int> decisionOf = _protocol.Groups.DecisionOf;
        for (int i = 0; i < corrections.Length; i++)
            _peerProduct[i] += BitPlanes.Bit(_choices, decisionOf[i]) * corrections[i];
    }

    /// <inheritdoc/>
    public void Run(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, Span<ulong> outputShare)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        CarryCircuit circuit = _protocol.Circuit;
        BitPlanes bits = new(_protocol.DecisionBits, _protocol.Groups.Select(inputShares[1])), masked = new(_protocol.DecisionBits - 1, _protocol.Words);
        CarryEvaluation carries = new(circuit.Tree, _triples, _protocol.Words, addsPublic: true);

        // d is the opposite of the sum's top bit.
        ulong[] top = BitPlanes.Sum(bits[_protocol.DecisionBits - 1], _choices);
        for (int i = 0; i < top.Length; i++)
            top[i] = ~top[i];
        CarryOpenings openings = new(circuit, carries, _protocol.Words) { TopMask = top };
        for (int flight = 0; flight < circuit.Flights; flight++)
        {
            channel.BeginSend(MessageKind.Step, _protocol.ServerFlight(flight));
            if (flight == 0)
            {
                _digits.Mask(bits, masked);
                masked.Send(channel);
                _digits.Evaluate(bits, masked, carries);
            }

            openings.Send(channel, circuit.ServerOpenings(flight));
            if (circuit.IsLast(flight))
                ShareMessages.Send(channel, Corrections(inputShares[0]), _protocol.Ring.Bits);
            channel.EndSend();
            channel.BeginReceive(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Receive(channel, circuit.ClientOpenings(flight));
            if (circuit.IsLast(flight))
                ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
            channel.EndReceive();
        }

        AddShares(openings.Top, inputShares[0], outputShare);
        bits.Clear();
        carries.Clear();
        Dispose();
    }

    /// <inheritdoc/>
    public void Keep(MaterialFields fields)
    {
        _digits.Keep(fields);
        _triples.Keep(fields);
        fields.Keep(_choices);
        fields.Keep(_peerProduct);
        fields.Keep(_ownZero);
        fields.Keep(_ownDifference);
    }

    public void Dispose()
    {
        _disposed = true;
        _digits.Clear();
        _triples.Clear();
        foreach (ulong[] words in new[] { _choices, _peerProduct, _ownZero, _ownDifference })
            Array.Clear(words);
    }

    /// <summary>Makes its transfers those of its share.</summary>
    private ulong[] Corrections(ReadOnlySpan<ulong> share)
    {
        ReadOnlySpan<int> decisionOf = _protocol.Groups.DecisionOf;
        ulong[] corrections = new ulong[share.Length];
        for (int i = 0; i < corrections.Length; i++)
            corrections[i] = (((1 - (2 * BitPlanes.Bit(_choices, decisionOf[i]))) * share[i]) - _ownDifference[i]) & _protocol.Ring.Mask;
        return corrections;
    }

    private void AddShares(ReadOnlySpan<ulong> opened, ReadOnlySpan<ulong> share, Span<ulong> outputShare)
    {
        ReadOnlySpan<int> decisionOf = _protocol.Groups.DecisionOf;
        for (int i = 0; i < share.Length; i++)
        {
            ulong open = BitPlanes.Bit(opened, decisionOf[i]) ^ _protocol.Turned(i);
            ulong masked = (BitPlanes.Bit(_choices, decisionOf[i]) * share[i]) - _ownZero[i] + _peerProduct[i];
            outputShare[i] = (outputShare[i] + (open * share[i]) + ((1 - (2 * open)) * masked)) & _protocol.Ring.Mask;
        }
    }
}
