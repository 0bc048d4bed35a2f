using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The client of <see cref="OtNonLinearProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class OtNonLinearClient : IDisposable
{
    private readonly OtNonLinearProtocol _protocol;
    private readonly TruncationCircuit _circuit;
    private readonly ClientDigits _digits;
    private readonly MergeTriples _triples;

    // c, and of a truncation C, as ring elements.
    private readonly ChosenBit? _middle;
    private readonly ChosenBit? _wrap;

    // Of a ReLU: (1 ⊕ a)·b, δ times the server's word, δ times this party's.
    private readonly OfferedWords? _topProduct;
    private readonly ChosenWords? _peerProduct;
    private readonly OfferedWords? _ownProduct;

    private BitPlanes? _bits;
    private ulong[] _inputShare = [];
    private ulong[] _outputShare = [];
    private bool _disposed;

    public OtNonLinearClient(OtNonLinearProtocol protocol)
    {
        _protocol = protocol;
        _circuit = protocol.Circuit;
        int words = protocol.Words;
        _digits = new ClientDigits(_circuit.Tree.Digits, words);
        _triples = new MergeTriples(_circuit.Tree.Merges, words);
        _middle = _circuit.Shift > 0 ? new ChosenBit(words) : null;
        _wrap = _circuit.IsRelu ? null : new ChosenBit(words);
        _topProduct = _circuit.IsRelu ? new OfferedWords(words) : null;
        _peerProduct = _circuit.IsRelu ? new ChosenWords(words) : null;
        _ownProduct = _circuit.IsRelu ? new OfferedWords(words) : null;
    }

    /// <summary>Offline: the transfers in which the server chooses.</summary>
    public void SendTransfers(MessageChannel channel, SilentOtSender transfers, GarblingSession session)
    {
        TransferPads pads = new(session, _protocol.ServerChosen.Count);
        channel.BeginSend(MessageKind.Step, _protocol.ServerChoices);
        foreach ((int first, int count) in _protocol.ServerChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ServerChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            int next = _circuit.DigitTransfers;
            _digits.Offer(pads, transfers.Delta, batch);
            _triples.Offer(pads, transfers.Delta, batch, next);
            next += _circuit.Tree.Merges.Length;
            _topProduct?.Offer(pads, transfers.Delta, batch, next++);
            _ownProduct?.Offer(pads, transfers.Delta, batch, next);
        }

        channel.EndSend();
    }

    /// <summary>Offline: the transfers in which it chooses itself.</summary>
    public void ReceiveTransfers(MessageChannel channel, SilentOtReceiver transfers, GarblingSession session)
    {
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        channel.BeginReceive(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            int next = _circuit.Tree.Merges.Length;
            _triples.Choose(pads, batch, 0);
            _middle?.Choose(pads, batch, next++);
            _wrap?.Choose(pads, batch, next);
            _peerProduct?.Choose(pads, batch, next);
        }

        _triples.Complete();
        _digits.ReceivePairs(channel);
        _middle?.Receive(channel, _protocol.Count, _circuit.MiddleBits);
        _wrap?.Receive(channel, _protocol.Count, _circuit.WrapBits);
        channel.EndReceive();
    }

    /// <summary>Offline: makes the transfers those of its share of the input.</summary>
    public void SendCorrections(MessageChannel channel, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
    {
        _inputShare = inputShare.ToArray();
        _outputShare = outputShare.ToArray();
        _bits = new BitPlanes(_circuit.InputBits, inputShare);
        channel.BeginSend(MessageKind.Step, _protocol.Corrections);
        _digits.SendCorrections(channel, _bits);
        if (_topProduct is not null)
        {
            ulong[] top = new ulong[inputShare.Length];
            for (int i = 0; i < top.Length; i++)
                top[i] = (inputShare[i] >> _circuit.TopBit) & 1;
            _topProduct.Send(channel, top, _circuit.WrapBits);
        }

        channel.EndSend();
    }

    /// <summary>Online: so that its share of the output is the one it gave; clears the material.</summary>
    public void Run(MessageChannel channel)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        BitPlanes bits = _bits!, masked = new(_circuit.MaskedBits, _protocol.Words);
        CarryEvaluation carries = new(_circuit.Tree, _triples, _protocol.Words, addsPublic: false);
        CarryOpenings openings = new(_circuit, carries, _protocol.Words) { MiddleMask = _middle?.Bits.ToArray(), TopMask = TopMask(bits) };
        for (int flight = 0; flight < _circuit.Flights; flight++)
        {
            channel.BeginReceive(MessageKind.Step, _protocol.ServerFlight(flight));
            if (flight == 0)
            {
                masked.Receive(channel);
                _digits.Evaluate(bits, masked, carries);
            }

            openings.Receive(channel, _circuit.ServerOpenings(flight));
            if (_protocol.IsLast(flight))
                _peerProduct?.Receive(channel, _protocol.Count, _circuit.Ring.Bits);
            channel.EndReceive();

            channel.BeginSend(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Send(channel, _circuit.ClientOpenings(flight));
            if (_protocol.IsLast(flight))
                SendShares(channel, openings, masked);
            channel.EndSend();
        }

        carries.Clear();
        Dispose();
    }

    /// <summary>What is left when the offline calls are done.</summary>
    public void Keep(MaterialFields fields)
    {
        if (_bits is null)
        {
            _bits = new BitPlanes(_circuit.InputBits, _protocol.Words);
            _inputShare = new ulong[_protocol.Count];
            _outputShare = new ulong[_protocol.Count];
        }

        _bits.Keep(fields);
        fields.Keep(_inputShare);
        fields.Keep(_outputShare);
        _digits.Keep(fields);
        _triples.Keep(fields);
        _middle?.Keep(fields);
        _wrap?.Keep(fields);
        _topProduct?.Keep(fields, sent: true);
        _peerProduct?.Keep(fields);
        _ownProduct?.Keep(fields, sent: false);
    }

    public void Dispose()
    {
        _disposed = true;
        _digits.Clear();
        _triples.Clear();
        _middle?.Clear();
        _wrap?.Clear();
        _topProduct?.Clear();
        _peerProduct?.Clear();
        _ownProduct?.Clear();
        _bits?.Clear();
        Array.Clear(_inputShare);
        Array.Clear(_outputShare);
    }

    private ulong[] TopMask(BitPlanes bits)
    {
        if (_peerProduct is null)
            return _wrap!.Bits.ToArray();
        ulong[] mask = bits[_circuit.TopBit].ToArray();
        for (int i = 0; i < mask.Length; i++)
            mask[i] ^= _peerProduct.Choices[i];
        return mask;
    }

    private void SendShares(MessageChannel channel, CarryOpenings openings, BitPlanes masked)
    {
        ulong[] shares = new ulong[_protocol.Count];
        if (_circuit.IsRelu)
            MultiplyBySign(channel, openings, masked[_circuit.TopBit], shares);
        else
            Truncate(openings, shares);
        _circuit.Ring.Subtract(shares, _outputShare, shares);
        ShareMessages.Send(channel, shares, _circuit.Ring.Bits);
    }

    private void Truncate(CarryOpenings openings, Span<ulong> shares)
    {
        ulong mask = new Ring(_circuit.InputBits).Mask;
        for (int i = 0; i < shares.Length; i++)
        {
            ulong wrap = _wrap!.Share(i, openings.Top) << (_circuit.InputBits - _circuit.Shift);
            shares[i] = ((_inputShare[i] & mask) >> _circuit.Shift) + Middle(openings, i) - wrap;
        }
    }

    private void MultiplyBySign(MessageChannel channel, CarryOpenings openings, ReadOnlySpan<ulong> maskedTop, Span<ulong> shares)
    {
        ulong[] words = new ulong[shares.Length];
        ulong mask = (1UL << _circuit.TopBit) - 1;
        for (int i = 0; i < words.Length; i++)
        {
            ulong top = (_inputShare[i] >> _circuit.TopBit) & 1, t = BitPlanes.Bit(maskedTop, i);
            ulong product = (t * top) - ((1 - (2 * t)) * _topProduct!.Zero[i]);
            ulong carry = (top - (2 * product)) << (_circuit.TopBit - _circuit.Shift);
            ulong word = ((_inputShare[i] & mask) >> _circuit.Shift) + Middle(openings, i) - carry;
            ulong open = BitPlanes.Bit(openings.Top, i), delta = BitPlanes.Bit(_peerProduct!.Choices, i);
            ulong masked = _peerProduct.Products[i] + (delta * word) - _ownProduct!.Zero[i];
            words[i] = (1 - (2 * delta)) * word;
            shares[i] = (open * word) + ((1 - (2 * open)) * masked);
        }

        _ownProduct!.Send(channel, words, _circuit.Ring.Bits);
    }

    private ulong Middle(CarryOpenings openings, int element) => _middle?.Share(element, openings.Middle) ?? 0;
}
