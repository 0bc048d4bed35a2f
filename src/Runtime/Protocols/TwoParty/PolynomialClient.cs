using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>The client of <see cref="PolynomialProtocol"/> and its material, for one inference: each call once, in order.</summary>
internal sealed class PolynomialClient : IDisposable
{
    private readonly PolynomialProtocol _protocol;
    private readonly PowerShares _powers;
    private readonly ulong[] _outputShare;
    private bool _disposed;

    /// <param name="protocol">The step's protocol.</param>
    /// <param name="powers">Its shares of u, u², …, c being the first.</param>
    /// <param name="outputShare">r.</param>
    public PolynomialClient(PolynomialProtocol protocol, PowerShares powers, ReadOnlySpan<ulong> outputShare)
    {
        _protocol = protocol;
        _powers = powers;
        _outputShare = outputShare.ToArray();
    }

    /// <summary>Its powers, but for the first, are yet to be prepared.</summary>
    /// <param name="protocol">The step's protocol.</param>
    /// <param name="inputShare">c.</param>
    /// <param name="outputShare">r.</param>
    public PolynomialClient(PolynomialProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
        : this(protocol, new PowerShares(protocol), outputShare) => inputShare.CopyTo(_powers[1]);

    /// <summary>Offline: obtains its shares of the powers.</summary>
    public void Prepare(MessageChannel channel, CorrelatedOtReceiver transfers, GarblingSession session)
    {
        foreach ((int start, int count) in _protocol.Batches)
        {
            using PooledBlocks keys = new(count * _protocol.Ring.Bits);
            for (int exchange = 0; exchange < _protocol.Exchanges; exchange++)
            {
                byte[] choices = PackedBits.Pack(_powers[exchange + 1].AsSpan(start, count), _protocol.Ring.Bits);
                channel.BeginSend(MessageKind.Step, _protocol.Transfers(count));
                transfers.Extend(channel, choices, keys.Span);
                channel.EndSend();

                byte[] corrections = new byte[_protocol.CorrectionBytes(exchange, count)];
                channel.BeginReceive(MessageKind.Step, _protocol.Corrections(exchange, count));
                channel.Receive(corrections);
                channel.EndReceive();
                TweakableHash hash = new(session.StartPoint, session.Reserve(_protocol.Tweaks(count)));
                Multiply(exchange, start, count, hash, keys.Span, corrections);
            }
        }
    }

    /// <summary>Online: evaluates, answers and clears the material.</summary>
    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] opened = new ulong[_protocol.Count];
        channel.BeginReceive(MessageKind.Step, _protocol.Opening);
        ShareMessages.Receive(channel, opened, _protocol.Ring.Bits);
        channel.EndReceive();
        _powers.Evaluate(opened, constant: 0, opened);
        _protocol.Ring.Subtract(opened, _outputShare, opened);
        Dispose();
        channel.BeginSend(MessageKind.Step, _protocol.Shares);
        ShareMessages.Send(channel, opened, _protocol.Ring.Bits);
        channel.EndSend();
    }

    public void Dispose()
    {
        _disposed = true;
        _powers.Dispose();
        Array.Clear(_outputShare);
    }

    // Gilboa's multiplication at the party that chooses: Σ 2^i·(pad + bit·correction) in each product.
    private void Multiply(int exchange, int start, int count, TweakableHash hash, ReadOnlySpan<Block> keys, ReadOnlySpan<byte> corrections)
    {
        int bits = _protocol.Ring.Bits, products = _protocol.Products(exchange);
        Span<ulong> pads = stackalloc ulong[PowerPads.Words * bits], results = stackalloc ulong[PowerPads.Words];
        BitReader reader = new(corrections);
        for (int element = start; element < start + count; element++)
        {
            PowerPads.Fill(hash, keys.Slice((element - start) * bits, bits), pads);
            ulong chosen = _powers[exchange + 1][element];
            results.Clear();
            for (int product = 0; product < products; product++)
            {
                for (int i = 0; i < bits; i++)
                    results[product] += (pads[(PowerPads.Words * i) + product] + ((0 - ((chosen >> i) & 1)) & reader.Read(bits - i))) << i;
            }

            _powers.Add(exchange, element, results);
        }

        pads.Clear();
    }
}
