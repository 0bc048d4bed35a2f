using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
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

    private Ring PowerRing => protocol.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int used = 0;
        channel.BeginReceive(MessageKind.Step, protocol.Choices(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            int needed = protocol.ProductsOf(j).Transfers(batch.Count);
            TransferChoices.Receive(channel, transfers.ClientChooses.Slice(used, needed), transfers.Delta);
            used += needed;
        }

        channel.EndReceive();
        beforeAnswer();
        Send(batch, channel, session, random, transfers);
        _base.Prepare(batch, channel, session, random, transfers.Skip(used), () => { });
    }

    public IEnumerable<PlannedMessage> Run(MessageChannel channel, ulong[] inputShare, ulong[] outputShare)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] share = new ulong[protocol.Count];
        ulong[][] opened = [.. _masks.Select(_ => new ulong[protocol.Count])];
        Open(inputShare, share, opened);
        ulong[] wraps = _base.OutputWraps(share);
        channel.BeginSend(MessageKind.Step, protocol.Opening);
        foreach (ulong[] words in opened)
            ShareMessages.Send(channel, words, PowerRing.Bits);
        ShareMessages.Send(channel, wraps, 1);
        channel.EndSend();
        yield return protocol.Opening;
        _base.ReceiveAnswer(channel, share, wraps, outputShare);
        Dispose();
        yield return protocol.Base.Shares;
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

    // Its share of the undivided result, and q_j − t_j.
    private void Open(ReadOnlySpan<ulong> inputShare, Span<ulong> share, ulong[][] opened)
    {
        Span<ulong> shifted = stackalloc ulong[protocol.Products + 2];
        for (int i = 0; i < share.Length; i++)
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
    }

    private void Send(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers)
    {
        ReadOnlySpan<Block> keys = transfers.ClientChooses;
        channel.BeginSend(MessageKind.Step, protocol.Corrections(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            GilboaProducts product = protocol.ProductsOf(j);
            Memory<ulong> mask = batch.Slice(_masks[j - 1]);
            random.FillRing(mask.Span, PowerRing.Bits);
            int used = product.Transfers(batch.Count);
            product.Offer(channel, session, keys[..used], transfers.Delta, [mask], [batch.Slice(_products[j - 1])]);
            keys = keys[used..];
        }

        channel.EndSend();
    }
}
