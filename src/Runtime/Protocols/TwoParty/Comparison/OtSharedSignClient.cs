using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>The client of <see cref="OtSharedSignProtocol"/>.</summary>
internal sealed class OtSharedSignClient : IComparisonClient
{
    private readonly OtSharedSignProtocol _protocol;
    private readonly ClientDigits _digits;
    private readonly MergeTriples _triples;
    private readonly ulong[] _choices;

    // By element: its half of δ times the server's share, but for a correction; of δ times its own, a share, once corrected.
    private readonly ulong[] _peerProduct;
    private readonly ulong[] _ownProduct;
    private readonly ulong[] _inputShare;
    private readonly ulong[] _outputShare;
    private ulong[] _difference = [];
    private BitPlanes _bits;
    private bool _disposed;

    public OtSharedSignClient(OtSharedSignProtocol protocol)
    {
        _protocol = protocol;
        int elements = protocol.Groups.Elements;
        _digits = new ClientDigits(protocol.Circuit.Tree.Digits, protocol.Words);
        _triples = new MergeTriples(protocol.Circuit.Tree.Merges, protocol.Words);
        _choices = new ulong[protocol.Words];
        _peerProduct = new ulong[elements];
        _ownProduct = new ulong[elements];
        _inputShare = new ulong[elements];
        _outputShare = new ulong[elements];
        _bits = new BitPlanes(protocol.DecisionBits, protocol.Words);
    }

    /// <inheritdoc/>
    public void SendTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        _difference = new ulong[_protocol.Groups.Elements];
        using PooledBlocks labels = new(_protocol.Words * BitPlanes.Lanes);
        TransferPads pads = new(session, _protocol.ServerChosen.Count);
        channel.BeginSend(MessageKind.Step, _protocol.ServerChoices);
        foreach ((int first, int count) in _protocol.ServerChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ServerChosen.Correlations(first, count));
            transfers.Offers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            _digits.Offer(pads, transfers.Offers.Delta, batch);
            _triples.Offer(pads, transfers.Offers.Delta, batch, _protocol.Circuit.DigitTransfers);
            batch.CopyTo(_protocol.Circuit.ServerChoices, labels.Span);
        }

        channel.EndSend();
        _protocol.Pads.FillBoth(new TweakableHash(session.StartPoint, session.Reserve(_protocol.Pads.Tweaks)), labels.Span, transfers.Offers.Delta, _ownProduct, _difference);
    }

    /// <inheritdoc/>
    public void ReceiveTransfers(MessageChannel channel, SilentTransfers transfers, GarblingSession session)
    {
        using PooledBlocks labels = new(_protocol.Words * BitPlanes.Lanes);
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        channel.BeginReceive(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Choices.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            _triples.Choose(pads, batch, firstTransfer: 0);
            batch.CopyTo(_protocol.Circuit.ClientChoices, labels.Span);
        }

        _triples.Complete();
        _digits.ReceivePairs(channel);
        channel.EndReceive();
        BitPlanes.Choices(labels.Span, _choices);
        _protocol.Pads.Fill(new TweakableHash(session.StartPoint, session.Reserve(_protocol.Pads.Tweaks)), labels.Span, _peerProduct);
    }

    /// <inheritdoc/>
    public void SendCorrections(MessageChannel channel, IReadOnlyList<ulong[]> inputShares, ReadOnlySpan<ulong> outputShare, AesCtrGenerator random)
    {
        inputShares[0].CopyTo(_inputShare, 0);
        outputShare.CopyTo(_outputShare);
        _bits = new BitPlanes(_protocol.DecisionBits, _protocol.Groups.Select(inputShares[1]));
        ReadOnlySpan<int> decisionOf = _protocol.Groups.DecisionOf;
        for (int i = 0; i < _difference.Length; i++)
        {
            ulong choice = BitPlanes.Bit(_choices, decisionOf[i]);
            _difference[i] = ((1 - (2 * choice)) * _inputShare[i]) - (_difference[i] - _ownProduct[i]);
            _ownProduct[i] = (choice * _inputShare[i]) - _ownProduct[i];
        }

        channel.BeginSend(MessageKind.Step, _protocol.Corrections);
        _digits.SendCorrections(channel, _bits);
        ShareMessages.Send(channel, _difference, _protocol.Ring.Bits);
        channel.EndSend();
        Array.Clear(_difference);
    }

    /// <inheritdoc/>
    public void Run(MessageChannel channel)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        CarryCircuit circuit = _protocol.Circuit;
        BitPlanes masked = new(_protocol.DecisionBits - 1, _protocol.Words);
        CarryEvaluation carries = new(circuit.Tree, _triples, _protocol.Words, addsPublic: false);
        CarryOpenings openings = new(circuit, carries, _protocol.Words) { TopMask = BitPlanes.Sum(_bits[_protocol.DecisionBits - 1], _choices) };
        ulong[] corrections = new ulong[_inputShare.Length];
        for (int flight = 0; flight < circuit.Flights; flight++)
        {
            channel.BeginReceive(MessageKind.Step, _protocol.ServerFlight(flight));
            if (flight == 0)
            {
                masked.Receive(channel);
                _digits.Evaluate(_bits, masked, carries);
            }

            openings.Receive(channel, circuit.ServerOpenings(flight));
            if (circuit.IsLast(flight))
                ShareMessages.Receive(channel, corrections, _protocol.Ring.Bits);
            channel.EndReceive();
            channel.BeginSend(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Send(channel, circuit.ClientOpenings(flight));
            if (circuit.IsLast(flight))
                ShareMessages.Send(channel, Shares(openings.Top, corrections), _protocol.Ring.Bits);
            channel.EndSend();
        }

        carries.Clear();
        Dispose();
    }

    /// <inheritdoc/>
    public void Keep(MaterialFields fields)
    {
        _digits.Keep(fields);
        _triples.Keep(fields);
        _bits.Keep(fields);
        fields.Keep(_choices);
        fields.Keep(_peerProduct);
        fields.Keep(_ownProduct);
        fields.Keep(_inputShare);
        fields.Keep(_outputShare);
    }

    public void Dispose()
    {
        _disposed = true;
        _digits.Clear();
        _triples.Clear();
        _bits.Clear();
        foreach (ulong[] words in new[] { _choices, _peerProduct, _ownProduct, _inputShare, _outputShare, _difference })
            Array.Clear(words);
    }

    /// <summary>Its share of the output less what it is to be; in the place of the corrections.</summary>
    private ulong[] Shares(ReadOnlySpan<ulong> opened, ulong[] corrections)
    {
        ReadOnlySpan<int> decisionOf = _protocol.Groups.DecisionOf;
        for (int i = 0; i < corrections.Length; i++)
        {
            ulong open = BitPlanes.Bit(opened, decisionOf[i]) ^ _protocol.Turned(i), choice = BitPlanes.Bit(_choices, decisionOf[i]);
            ulong masked = _peerProduct[i] + (choice * corrections[i]) + _ownProduct[i];
            corrections[i] = ((open * _inputShare[i]) + ((1 - (2 * open)) * masked) - _outputShare[i]) & _protocol.Ring.Mask;
        }

        return corrections;
    }
}
