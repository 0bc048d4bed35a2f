using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The client of <see cref="RangeCheckProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class RangeCheckClient : IDisposable
{
    private readonly RangeCheckProtocol _protocol;
    private readonly ClientDigits _digits;
    private readonly MergeTriples _triples;
    private BitPlanes? _bits;
    private Block _seed;

    // δ, and V.
    private ulong _mask;
    private ulong _product;
    private bool _disposed;

    public RangeCheckClient(RangeCheckProtocol protocol)
    {
        _protocol = protocol;
        _digits = new ClientDigits(protocol.Circuit.Tree.Digits, protocol.Words);
        _triples = new MergeTriples(protocol.Circuit.Tree.Merges, protocol.Words);
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
            _digits.Offer(pads, transfers.Delta, batch);
            _triples.Offer(pads, transfers.Delta, batch, _protocol.Circuit.DigitTransfers);
        }

        channel.EndSend();
    }

    /// <summary>Offline: the transfers in which it chooses itself.</summary>
    public void ReceiveTransfers(MessageChannel channel, SilentOtReceiver transfers, GarblingSession session)
    {
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        Span<ulong> chosen = stackalloc ulong[RangeCheckProtocol.ProductTransfers];
        channel.BeginReceive(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            _triples.Choose(pads, new TransferBatch(correlations.Span, first, count), firstTransfer: 0);
            if (first == 0)
                _mask = pads.ChooseWords(correlations.Span[^chosen.Length..], chosen);
        }

        _triples.Complete();
        _digits.ReceivePairs(channel);
        channel.Receive(MemoryMarshal.AsBytes(new Span<Block>(ref _seed)));
        ReceiveProduct(channel, chosen);
        channel.EndReceive();
    }

    /// <summary>Offline: makes the transfers those of its shares of the values.</summary>
    public void SendCorrections(MessageChannel channel, IReadOnlyList<ulong[]> shares)
    {
        ulong[] elements = _protocol.Load(shares, (share, _) => (share >> _protocol.Shift, share >> _protocol.Shift));
        _bits = new BitPlanes(_protocol.Elements.Bits, elements);
        Array.Clear(elements);
        channel.BeginSend(MessageKind.Step, _protocol.Corrections);
        _digits.SendCorrections(channel, _bits);
        channel.EndSend();
    }

    /// <summary>Online; clears the material.</summary>
    /// <returns>Whether any element is outside of its interval.</returns>
    public bool Run(MessageChannel channel)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        CarryCircuit circuit = _protocol.Circuit;
        BitPlanes masked = new(_protocol.Elements.Bits, _protocol.Words);
        CarryEvaluation carries = new(circuit.Tree, _triples, _protocol.Words, addsPublic: false);
        CarryOpenings openings = new(circuit, carries, _protocol.Words);
        for (int flight = 0; flight < circuit.Flights; flight++)
        {
            channel.BeginReceive(MessageKind.Step, _protocol.ServerFlight(flight));
            if (flight == 0)
            {
                masked.Receive(channel);
                _digits.Evaluate(_bits!, masked, carries);
            }

            openings.Receive(channel, circuit.ServerOpenings(flight));
            channel.EndReceive();
            channel.BeginSend(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Send(channel, circuit.ClientOpenings(flight));
            if (circuit.IsLast(flight))
                Send(channel, _protocol.Combine(carries.Generate(circuit.Tree.TopNode!.Value), _seed) ^ _mask);
            channel.EndSend();
        }

        ulong product = 0;
        channel.BeginReceive(MessageKind.Step, _protocol.Result);
        channel.Receive(MemoryMarshal.AsBytes(new Span<ulong>(ref product)));
        channel.EndReceive();
        product ^= _product;
        carries.Clear();
        Dispose();
        return product != 0;
    }

    /// <summary>What <see cref="Run"/> needs.</summary>
    public void Keep(MaterialFields fields)
    {
        _bits ??= new BitPlanes(_protocol.Elements.Bits, _protocol.Words);
        _bits.Keep(fields);
        _digits.Keep(fields);
        _triples.Keep(fields);
        fields.Keep(ref _seed);
        fields.Keep(ref _mask);
        fields.Keep(ref _product);
    }

    public void Dispose()
    {
        _disposed = true;
        _digits.Clear();
        _triples.Clear();
        _bits?.Clear();
        (_mask, _product) = (0, 0);
    }

    private void ReceiveProduct(MessageChannel channel, Span<ulong> chosen)
    {
        Span<ulong> corrections = stackalloc ulong[RangeCheckProtocol.ProductTransfers];
        channel.Receive(MemoryMarshal.AsBytes(corrections));
        for (int i = 0; i < chosen.Length; i++)
            _product ^= chosen[i] ^ (corrections[i] & (0 - ((_mask >> i) & 1)));
        chosen.Clear();
    }

    private static void Send(MessageChannel channel, ulong word) => channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in word)));
}
