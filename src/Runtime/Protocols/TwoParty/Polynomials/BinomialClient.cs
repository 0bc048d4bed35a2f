using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of <see cref="BinomialProtocol"/> and its material, for one inference.</summary>
internal sealed class BinomialClient(BinomialProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) : IPolynomialClient
{
    private readonly PolynomialClient<ulong> _base = new(protocol.Base, inputShare, outputShare);

    // Shares of C^j·t_j, from j = 1.
    private readonly ulong[][] _products = [.. Enumerable.Range(0, protocol.Products).Select(_ => new ulong[protocol.Count])];
    private bool _disposed;

    private Ring PowerRing => protocol.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        ulong[][] powers = Powers(batch.Slice(_base.Powers[1]).Span);
        int used = 0;
        channel.BeginSend(MessageKind.Step, protocol.Choices(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            GilboaProducts product = protocol.ProductsOf(j);
            int needed = product.Transfers(batch.Count);
            TransferChoices.Send<ulong>(channel, transfers.ClientChooses.Slice(used, needed), powers[j - 1], product.ChoiceBits);
            used += needed;
        }

        channel.EndSend();
        beforeAnswer();
        Receive(batch, channel, session, transfers.ClientChooses, powers);
        _base.Prepare(batch, channel, session, random, transfers.Skip(used), () => { });
    }

    public IEnumerable<PlannedMessage> Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = protocol.Count;
        ulong[] share = new ulong[count], opened = new ulong[count], choices = new ulong[_base.OutputChoices.Length], power = _base.Powers[1].ToArray();
        channel.BeginReceive(MessageKind.Step, protocol.Opening);
        for (int j = 1; j <= protocol.Products; j++)
        {
            ShareMessages.Receive(channel, opened, PowerRing.Bits);
            for (int i = 0; i < count; i++)
            {
                share[i] += (power[i] * opened[i]) + _products[j - 1][i];
                power[i] *= _base.Powers[1][i];
            }
        }

        ShareMessages.Receive(channel, choices, 1);
        channel.EndReceive();
        yield return protocol.Opening;
        for (int i = 0; i < count; i++)
            share[i] = (share[i] + (protocol.Polynomial.Of(i)[^1] * power[i])) & PowerRing.Mask;
        channel.BeginSend(MessageKind.Step, protocol.Base.Shares);
        _base.SendAnswer(channel, share, choices);
        channel.EndSend();
        Array.Clear(power);
        Dispose();
        yield return protocol.Base.Shares;
    }

    public void Keep(MaterialFields fields)
    {
        _base.Keep(fields);
        foreach (ulong[] product in _products)
            fields.Keep(product);
    }

    public void Dispose()
    {
        _disposed = true;
        _base.Dispose();
        foreach (ulong[] product in _products)
            Array.Clear(product);
    }

    private void Receive(PolynomialBatch batch, MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, ulong[][] powers)
    {
        channel.BeginReceive(MessageKind.Step, protocol.Corrections(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            GilboaProducts product = protocol.ProductsOf(j);
            int used = product.Transfers(batch.Count);
            product.Choose<ulong>(channel, session, keys[..used], powers[j - 1], [batch.Slice(_products[j - 1])]);
            keys = keys[used..];
            Array.Clear(powers[j - 1]);
        }

        channel.EndReceive();
    }

    // C, C², …, as signed numbers of the ring.
    private ulong[][] Powers(ReadOnlySpan<ulong> half)
    {
        ulong[][] powers = new ulong[protocol.Products][];
        for (int j = 0; j < powers.Length; j++)
        {
            powers[j] = new ulong[half.Length];
            for (int i = 0; i < half.Length; i++)
                powers[j][i] = (j == 0 ? half[i] : powers[j - 1][i] * half[i]) & PowerRing.Mask;
        }

        return powers;
    }
}
