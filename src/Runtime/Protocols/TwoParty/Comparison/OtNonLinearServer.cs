using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The server of <see cref="OtNonLinearProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class OtNonLinearServer : IDisposable
{
    private readonly OtNonLinearProtocol _protocol;
    private readonly TruncationCircuit _circuit;
    private readonly ServerDigits _digits;
    private readonly MergeTriples _triples;

    // c, and of a truncation C, as ring elements.
    private readonly OfferedBit? _middle;
    private readonly OfferedBit? _wrap;

    // Of a ReLU: (1 ⊕ a)·b, δ times the client's word, δ times this party's.
    private readonly ChosenWords? _topProduct;
    private readonly ChosenWords? _peerProduct;
    private readonly OfferedWords? _ownProduct;
    private bool _disposed;

    public OtNonLinearServer(OtNonLinearProtocol protocol)
    {
        _protocol = protocol;
        _circuit = protocol.Circuit;
        int words = protocol.Words;
        _digits = new ServerDigits(_circuit.Tree.Digits, words);
        _triples = new MergeTriples(_circuit.Tree.Merges, words);
        _middle = _circuit.Shift > 0 ? new OfferedBit(words) : null;
        _wrap = _circuit.IsRelu ? null : new OfferedBit(words);
        _topProduct = _circuit.IsRelu ? new ChosenWords(words) : null;
        _peerProduct = _circuit.IsRelu ? new ChosenWords(words) : null;
        _ownProduct = _circuit.IsRelu ? new OfferedWords(words) : null;
    }

    /// <summary>Offline: the transfers in which it chooses.</summary>
    public void ReceiveTransfers(MessageChannel channel, SilentOtReceiver transfers, GarblingSession session)
    {
        TransferPads pads = new(session, _protocol.ServerChosen.Count);
        channel.BeginReceive(MessageKind.Step, _protocol.ServerChoices);
        foreach ((int first, int count) in _protocol.ServerChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ServerChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            int next = _circuit.DigitTransfers;
            _digits.Choose(pads, batch);
            _triples.Choose(pads, batch, next);
            next += _circuit.Tree.Merges.Length;
            _topProduct?.Choose(pads, batch, next++);
            _peerProduct?.Choose(pads, batch, next);
        }

        channel.EndReceive();
    }

    /// <summary>Offline: the transfers in which the client chooses, and what makes both fit.</summary>
    public void SendTransfers(MessageChannel channel, SilentOtSender transfers, GarblingSession session, AesCtrGenerator random)
    {
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        channel.BeginSend(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            TransferBatch batch = new(correlations.Span, first, count);
            int next = _circuit.Tree.Merges.Length;
            _triples.Offer(pads, transfers.Delta, batch, 0);
            _middle?.Offer(pads, transfers.Delta, batch, next++);
            _wrap?.Offer(pads, transfers.Delta, batch, next);
            _ownProduct?.Offer(pads, transfers.Delta, batch, next);
        }

        _triples.Complete();
        _middle?.Draw(random);
        _wrap?.Draw(random);
        _digits.SendPairs(channel);
        _middle?.Send(channel, _protocol.Count, _circuit.MiddleBits);
        _wrap?.Send(channel, _protocol.Count, _circuit.WrapBits);
        channel.EndSend();
    }

    /// <summary>Offline: what makes the transfers those of the client's share.</summary>
    public void ReceiveCorrections(MessageChannel channel)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections);
        _digits.ReceiveCorrections(channel);
        _topProduct?.Receive(channel, _protocol.Count, _circuit.WrapBits);
        channel.EndReceive();
    }

    /// <summary>Online: from its share of the input to its share y − r of the output; clears the material.</summary>
    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] elements = Offset(inputShare);
        BitPlanes bits = new(_circuit.InputBits, elements), masked = new(_circuit.MaskedBits, _protocol.Words);
        CarryEvaluation carries = new(_circuit.Tree, _triples, _protocol.Words, addsPublic: true);
        CarryOpenings openings = new(_circuit, carries, _protocol.Words) { MiddleMask = _middle?.Bits, TopMask = TopMask(bits) };
        for (int flight = 0; flight < _circuit.Flights; flight++)
        {
            channel.BeginSend(MessageKind.Step, _protocol.ServerFlight(flight));
            if (flight == 0)
            {
                Mask(bits, masked);
                masked.Send(channel);
                _digits.Evaluate(bits, masked, carries);
            }

            openings.Send(channel, _circuit.ServerOpenings(flight));
            if (_protocol.IsLast(flight) && _circuit.IsRelu)
                OfferWord(channel, openings, masked[_circuit.TopBit], elements);
            channel.EndSend();

            channel.BeginReceive(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Receive(channel, _circuit.ClientOpenings(flight));
            if (_protocol.IsLast(flight))
                ReceiveShares(channel, openings, elements, outputShare);
            channel.EndReceive();
        }

        bits.Clear();
        carries.Clear();
        Array.Clear(elements);
        Dispose();
    }

    /// <summary>What is left when the offline calls are done.</summary>
    public void Keep(MaterialFields fields)
    {
        _digits.Keep(fields);
        _triples.Keep(fields);
        _middle?.Keep(fields);
        _wrap?.Keep(fields);
        _topProduct?.Keep(fields);
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
    }

    // Plus 2^(m−1), modulo 2^m: the sum of both shares has no sign then.
    private ulong[] Offset(ReadOnlySpan<ulong> share)
    {
        ulong mask = new Ring(_circuit.InputBits).Mask, half = 1UL << (_circuit.InputBits - 1);
        ulong[] elements = new ulong[share.Length];
        for (int i = 0; i < elements.Length; i++)
            elements[i] = (share[i] + half) & mask;
        return elements;
    }

    private ulong[] TopMask(BitPlanes bits)
    {
        if (_peerProduct is null)
            return _wrap!.Bits;
        ulong[] mask = bits[_circuit.TopBit].ToArray();
        for (int i = 0; i < mask.Length; i++)
            mask[i] ^= _peerProduct.Choices[i];
        return mask;
    }

    private void Mask(BitPlanes bits, BitPlanes masked)
    {
        _digits.Mask(bits, masked);
        if (_topProduct is null)
            return;
        ReadOnlySpan<ulong> top = bits[_circuit.TopBit];
        Span<ulong> target = masked[_circuit.TopBit];
        for (int i = 0; i < target.Length; i++)
            target[i] = ~top[i] ^ _topProduct.Choices[i];
    }

    /// <summary>Makes the elements the words that are multiplied by the sign, and sends the correction of the product.</summary>
    private void OfferWord(MessageChannel channel, CarryOpenings openings, ReadOnlySpan<ulong> maskedTop, Span<ulong> elements)
    {
        ulong[] words = new ulong[elements.Length];
        ulong mask = (1UL << _circuit.TopBit) - 1;
        for (int i = 0; i < words.Length; i++)
        {
            ulong top = 1 ^ (elements[i] >> _circuit.TopBit), t = BitPlanes.Bit(maskedTop, i);
            ulong carry = (top - (2 * (1 - (2 * t)) * _topProduct!.Products[i])) << (_circuit.TopBit - _circuit.Shift);
            elements[i] = ((elements[i] & mask) >> _circuit.Shift) + Middle(openings, i) - carry;
            words[i] = (1 - (2 * BitPlanes.Bit(_peerProduct!.Choices, i))) * elements[i];
        }

        _ownProduct!.Send(channel, words, _circuit.Ring.Bits);
    }

    private void ReceiveShares(MessageChannel channel, CarryOpenings openings, ReadOnlySpan<ulong> elements, Span<ulong> shares)
    {
        _peerProduct?.Receive(channel, _protocol.Count, _circuit.Ring.Bits);
        ulong[] own = new ulong[elements.Length];
        if (_circuit.IsRelu)
            MultiplyBySign(openings, elements, own);
        else
            Truncate(openings, elements, own);
        ShareMessages.Receive(channel, shares, _circuit.Ring.Bits);
        _circuit.Ring.Add(own, shares, shares);
    }

    private void Truncate(CarryOpenings openings, ReadOnlySpan<ulong> elements, Span<ulong> own)
    {
        int wrapShift = _circuit.InputBits - _circuit.Shift;
        for (int i = 0; i < own.Length; i++)
            own[i] = (elements[i] >> _circuit.Shift) + Middle(openings, i) - (_wrap!.Share(i, openings.Top) << wrapShift) - (1UL << (wrapShift - 1));
    }

    private void MultiplyBySign(CarryOpenings openings, ReadOnlySpan<ulong> words, Span<ulong> own)
    {
        for (int i = 0; i < own.Length; i++)
        {
            ulong open = BitPlanes.Bit(openings.Top, i), delta = BitPlanes.Bit(_peerProduct!.Choices, i);
            ulong masked = _peerProduct.Products[i] + (delta * words[i]) - _ownProduct!.Zero[i];
            own[i] = (open * words[i]) + ((1 - (2 * open)) * masked);
        }
    }

    private ulong Middle(CarryOpenings openings, int element) => _middle?.Share(element, openings.Middle) ?? 0;
}
