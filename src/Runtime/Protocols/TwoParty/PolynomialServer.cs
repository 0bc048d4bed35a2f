using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>The server of <see cref="PolynomialProtocol"/> and its material, for one inference: each call once, in order.</summary>
/// <param name="protocol">The step's protocol.</param>
/// <param name="powers">Its shares of u, u², …, t being the first.</param>
internal sealed class PolynomialServer(PolynomialProtocol protocol, PowerShares powers) : IDisposable
{
    private readonly PowerShares _powers = powers;
    private bool _disposed;

    /// <summary>Its powers are yet to be prepared.</summary>
    public PolynomialServer(PolynomialProtocol protocol)
        : this(protocol, new PowerShares(protocol))
    {
    }

    /// <summary>Offline: draws t and obtains its shares of the powers.</summary>
    public void Prepare(MessageChannel channel, CorrelatedOtSender transfers, GarblingSession session, AesCtrGenerator random)
    {
        foreach ((int start, int count) in protocol.Batches)
        {
            random.FillRing(_powers[1].AsSpan(start, count), protocol.Ring.Bits);
            using PooledBlocks keys = new(count * protocol.Ring.Bits);
            for (int exchange = 0; exchange < protocol.Exchanges; exchange++)
            {
                channel.BeginReceive(MessageKind.Step, protocol.Transfers(count));
                transfers.Extend(channel, keys.Span);
                channel.EndReceive();

                byte[] corrections = new byte[protocol.CorrectionBytes(exchange, count)];
                TweakableHash hash = new(session.StartPoint, session.Reserve(protocol.Tweaks(count)));
                Multiply(exchange, start, count, hash, keys.Span, transfers.Delta, corrections);
                channel.BeginSend(MessageKind.Step, protocol.Corrections(exchange, count));
                channel.Send(corrections);
                channel.EndSend();
            }
        }
    }

    /// <summary>Online: from its share of x to its share y − r of the output; clears the material.</summary>
    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        // Two openings with one t would reveal the difference of two inputs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] opened = new ulong[protocol.Count];
        protocol.Ring.Subtract(inputShare, _powers[1], opened);
        channel.BeginSend(MessageKind.Step, protocol.Opening);
        ShareMessages.Send(channel, opened, protocol.Ring.Bits);
        channel.EndSend();

        // While the client evaluates its share.
        _powers.Evaluate(opened, constant: 1, opened);
        Dispose();
        channel.BeginReceive(MessageKind.Step, protocol.Shares);
        ShareMessages.Receive(channel, outputShare, protocol.Ring.Bits);
        channel.EndReceive();
        protocol.Ring.Add(outputShare, opened, outputShare);
    }

    public void Dispose()
    {
        _disposed = true;
        _powers.Dispose();
    }

    // Gilboa's multiplication at the party that offers: −Σ 2^i·pad in each product.
    private void Multiply(int exchange, int start, int count, TweakableHash hash, ReadOnlySpan<Block> keys, Block delta, Span<byte> corrections)
    {
        int bits = protocol.Ring.Bits, products = protocol.Products(exchange);
        Span<ulong> pads = stackalloc ulong[PowerPads.Words * bits], offsetPads = stackalloc ulong[PowerPads.Words * bits];
        Span<ulong> results = stackalloc ulong[PowerPads.Words];
        BitWriter writer = new(corrections);
        for (int element = start; element < start + count; element++)
        {
            PowerPads.FillBoth(hash, keys.Slice((element - start) * bits, bits), delta, pads, offsetPads);
            results.Clear();
            for (int i = 0; i < pads.Length; i++)
                results[i % PowerPads.Words] -= pads[i] << (i / PowerPads.Words);
            _powers.Add(exchange, element, results);
            for (int product = 0; product < products; product++)
            {
                ulong word = _powers[product + 1][element];
                for (int i = 0; i < bits; i++)
                {
                    int pad = (PowerPads.Words * i) + product;
                    writer.Write((pads[pad] - offsetPads[pad] + word) & new Ring(bits - i).Mask, bits - i);
                }
            }
        }

        writer.Flush();
        pads.Clear();
        offsetPads.Clear();
    }
}
