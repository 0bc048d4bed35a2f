using System.Runtime.InteropServices;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Comparison;

/// <summary>
/// The server of <see cref="RangeCheckProtocol"/> and its material, for one inference: the calls below, in their order and
/// each once.
/// </summary>
internal sealed class RangeCheckServer : IDisposable
{
    private readonly RangeCheckProtocol _protocol;
    private readonly ServerDigits _digits;
    private readonly MergeTriples _triples;
    private Block _seed;

    // ρ, and μ.
    private ulong _factor;
    private ulong _mask;
    private bool _disposed;

    public RangeCheckServer(RangeCheckProtocol protocol)
    {
        _protocol = protocol;
        _digits = new ServerDigits(protocol.Circuit.Tree.Digits, protocol.Words);
        _triples = new MergeTriples(protocol.Circuit.Tree.Merges, protocol.Words);
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
            _digits.Choose(pads, batch);
            _triples.Choose(pads, batch, _protocol.Circuit.DigitTransfers);
        }

        channel.EndReceive();
    }

    /// <summary>Offline: the transfers in which the client chooses, and what makes both fit.</summary>
    public void SendTransfers(MessageChannel channel, SilentOtSender transfers, GarblingSession session, AesCtrGenerator random)
    {
        TransferPads pads = new(session, _protocol.ClientChosen.Count);
        Span<ulong> zero = stackalloc ulong[RangeCheckProtocol.ProductTransfers], difference = stackalloc ulong[zero.Length];
        channel.BeginSend(MessageKind.Step, _protocol.ClientChoices);
        foreach ((int first, int count) in _protocol.ClientChosen.Batches)
        {
            using PooledBlocks correlations = new(_protocol.ClientChosen.Correlations(first, count));
            transfers.Extend(channel, correlations.Span);
            _triples.Offer(pads, transfers.Delta, new TransferBatch(correlations.Span, first, count), firstTransfer: 0);
            if (first == 0)
                pads.OfferWords(transfers.Delta, correlations.Span[^zero.Length..], zero, difference);
        }

        _triples.Complete();
        _digits.SendPairs(channel);
        _seed = random.NextBlock();
        channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<Block>(in _seed)));
        SendProduct(channel, random.NextBlock().Low, zero, difference);
        channel.EndSend();
    }

    /// <summary>Offline: what makes the transfers those of the client's shares.</summary>
    public void ReceiveCorrections(MessageChannel channel)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.Corrections);
        _digits.ReceiveCorrections(channel);
        channel.EndReceive();
    }

    /// <summary>Online: from its shares of the values to the client's bit; clears the material.</summary>
    public void Run(MessageChannel channel, IReadOnlyList<ulong[]> shares)
    {
        // Two openings under one mask would reveal how what is masked differs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        CarryCircuit circuit = _protocol.Circuit;
        ulong[] elements = _protocol.Load(shares, Place), outside = Outside(elements, shares);
        BitPlanes bits = new(_protocol.Elements.Bits, elements), masked = new(_protocol.Elements.Bits, _protocol.Words);
        CarryEvaluation carries = new(circuit.Tree, _triples, _protocol.Words, addsPublic: true);
        CarryOpenings openings = new(circuit, carries, _protocol.Words);
        ulong opened = 0;
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
            channel.EndSend();
            channel.BeginReceive(MessageKind.Step, _protocol.ClientFlight(flight));
            openings.Receive(channel, circuit.ClientOpenings(flight));
            if (circuit.IsLast(flight))
                channel.Receive(MemoryMarshal.AsBytes(new Span<ulong>(ref opened)));
            channel.EndReceive();
        }

        Span<ulong> carry = carries.Generate(circuit.Tree.TopNode!.Value);
        for (int i = 0; i < carry.Length; i++)
            carry[i] ^= outside[i];
        ulong product = BinaryField64.Multiply(_factor, _protocol.Combine(carry, _seed) ^ opened) ^ _mask;
        bits.Clear();
        carries.Clear();
        Array.Clear(elements);
        Dispose();
        channel.BeginSend(MessageKind.Step, _protocol.Result);
        channel.Send(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in product)));
        channel.EndSend();
    }

    /// <summary>What <see cref="Run"/> needs.</summary>
    public void Keep(MaterialFields fields)
    {
        _digits.Keep(fields);
        _triples.Keep(fields);
        fields.Keep(ref _seed);
        fields.Keep(ref _factor);
        fields.Keep(ref _mask);
    }

    public void Dispose()
    {
        _disposed = true;
        _digits.Clear();
        _triples.Clear();
        (_factor, _mask) = (0, 0);
    }

    /// <summary>Makes the transfers choose between μ_j and μ_j + ρ·X^j.</summary>
    private void SendProduct(MessageChannel channel, ulong factor, Span<ulong> zero, Span<ulong> difference)
    {
        _factor = factor;
        for (int i = 0; i < zero.Length; i++)
        {
            _mask ^= zero[i];
            difference[i] = zero[i] ^ (zero[i] + difference[i]) ^ factor;
            factor = BinaryField64.TimesX(factor);
        }

        channel.Send(MemoryMarshal.AsBytes(difference));
        zero.Clear();
    }

    // a, and a − W.
    private (ulong First, ulong Second) Place(ulong share, int value)
    {
        ulong rest = (1UL << _protocol.Shift) - 1, divided = (share >> _protocol.Shift) + (((share & rest) + rest) >> _protocol.Shift);
        ulong first = (divided - (ulong)_protocol.Lower[value]) & _protocol.Elements.Mask;
        return (first, (first - _protocol.Widths[value]) & _protocol.Elements.Mask);
    }

    /// <summary>1 ⊕ [a &lt; W] of each element, a plane whose other half is empty.</summary>
    private ulong[] Outside(ReadOnlySpan<ulong> elements, IReadOnlyList<ulong[]> shares)
    {
        ulong[] plane = new ulong[_protocol.Words];
        int next = 0;
        for (int value = 0; value < shares.Count; value++)
        {
            for (int end = next + shares[value].Length; next < end; next++)
                plane[next / BitPlanes.Lanes] |= Reaches(elements[next], _protocol.Widths[value]) << (next % BitPlanes.Lanes);
        }

        return plane;
    }

    // [a ≥ W] without a branch: the borrow of a − W is the top bit of this (Warren, "Hacker's Delight", section 2-13).
    private static ulong Reaches(ulong a, ulong width) => 1 ^ (((~a & width) | ((~a | width) & (a - width))) >> 63);
}
