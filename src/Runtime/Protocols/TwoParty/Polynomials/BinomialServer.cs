using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of <see cref="BinomialProtocol"/> and its material, for one inference.</summary>
internal sealed class BinomialServer(BinomialProtocol protocol) : IPolynomialServer
{
    private readonly PolynomialServer<ulong> _base = new(protocol.Base);

    // t_j, and shares of C^j·t_j, from j = 1.
    private readonly ulong[][] _masks = [.. Enumerable.Range(0, protocol.Products).Select(_ => new ulong[protocol.Count])];
    private readonly ulong[][] _products = [.. Enumerable.Range(0, protocol.Products).Select(_ => new ulong[protocol.Count])];
    private bool _disposed;

    private Ring PowerRing => protocol.Base.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int used = 0;
        channel.BeginReceive(MessageKind.Step, protocol.Choices(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            int chosen = batch.Count * protocol.ProductsOf(j).Transfers;
            byte[] corrections = new byte[ChosenChoice.ReceiverBytes(chosen)];
            channel.Receive(corrections);
            ChosenChoice.Apply(transfers.Delta, corrections, transfers.ClientChooses.Slice(used, chosen));
            used += chosen;
        }

        channel.EndReceive();
        beforeAnswer();
        Send(batch, channel, session, random, transfers);
        _base.Prepare(batch, channel, session, random, transfers.Skip(used), () => { });
    }

    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = protocol.Count;
        ulong[] share = new ulong[count];
        ulong[][] opened = [.. _masks.Select(_ => new ulong[count])];
        Span<ulong> shifted = stackalloc ulong[protocol.Products + 2];
        for (int i = 0; i < count; i++)
        {
            protocol.Polynomial.Shift(i, protocol.Base.InputShift.Ceiling<ulong, ulong>(inputShare[i]), shifted);
            ulong sum = shifted[0];
            for (int j = 1; j <= protocol.Products; j++)
            {
                sum += _products[j - 1][i];
                opened[j - 1][i] = (shifted[j] - _masks[j - 1][i]) & PowerRing.Mask;
            }

            share[i] = sum & PowerRing.Mask;
        }

        ulong[] wraps = _base.OutputWraps(share);
        channel.BeginSend(MessageKind.Step, protocol.Opening);
        foreach (ulong[] words in opened)
            ShareMessages.Send(channel, words, PowerRing.Bits);
        if (protocol.Base.OutputShift.Wraps)
            ShareMessages.Send(channel, wraps, 1);
        channel.EndSend();
        _base.ReceiveAnswer(channel, share, wraps, outputShare);
        Dispose();
    }

    public void Keep(MaterialFields fields)
    {
        _base.Keep(fields);
        foreach (ulong[] words in _masks.Concat(_products))
            fields.Keep(words);
    }

    public void Dispose()
    {
        _disposed = true;
        _base.Dispose();
        foreach (ulong[] words in _masks.Concat(_products))
            Array.Clear(words);
    }

    private void Send(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers)
    {
        ReadOnlySpan<Block> keys = transfers.ClientChooses;
        channel.BeginSend(MessageKind.Step, protocol.Corrections(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            GilboaProducts product = protocol.ProductsOf(j);
            Memory<ulong> mask = _masks[j - 1].AsMemory(batch.Start, batch.Count);
            random.FillRing(mask.Span, PowerRing.Bits);
            byte[] corrections = new byte[product.CorrectionBytes(batch.Count)];
            TweakableHash hash = new(session.StartPoint, session.Reserve(product.Tweaks(batch.Count)));
            int used = batch.Count * product.Transfers;
            product.Offer(hash, keys[..used], transfers.Delta, [mask], corrections, [_products[j - 1].AsMemory(batch.Start, batch.Count)]);
            channel.Send(corrections);
            keys = keys[used..];
        }

        channel.EndSend();
    }
}
