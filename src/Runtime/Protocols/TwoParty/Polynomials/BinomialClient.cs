using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
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

    private Ring PowerRing => protocol.Base.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        ulong[][] powers = Powers(_base.Powers[1].AsSpan(batch.Start, batch.Count));
        int used = 0;
        channel.BeginSend(MessageKind.Step, protocol.Choices(batch.Count));
        for (int j = 1; j <= protocol.Products; j++)
        {
            int bits = protocol.ProductsOf(j).Transfers;
            byte[] chosen = PackedBits.Pack(powers[j - 1], bits), corrections = new byte[chosen.Length];
            ChosenChoice.Request(transfers.ClientChooses.Slice(used, batch.Count * bits), chosen, corrections);
            channel.Send(corrections);
            Array.Clear(chosen);
            used += batch.Count * bits;
        }

        channel.EndSend();
        beforeAnswer();
        Receive(batch, channel, session, transfers.ClientChooses, powers);
        _base.Prepare(batch, channel, session, random, transfers.Skip(used), () => { });
    }

    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = protocol.Count;
        ulong[] share = new ulong[count], opened = new ulong[count], choices = new ulong[count], power = _base.Powers[1].ToArray();
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

        if (protocol.Base.OutputShift.Wraps)
            ShareMessages.Receive(channel, choices, 1);
        channel.EndReceive();
        for (int i = 0; i < count; i++)
            share[i] = (share[i] + (protocol.Polynomial.Of(i)[^1] * power[i])) & PowerRing.Mask;
        channel.BeginSend(MessageKind.Step, protocol.Base.Shares);
        _base.SendAnswer(channel, share, choices);
        channel.EndSend();
        Array.Clear(power);
        Dispose();
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
            byte[] corrections = new byte[product.CorrectionBytes(batch.Count)];
            channel.Receive(corrections);
            TweakableHash hash = new(session.StartPoint, session.Reserve(product.Tweaks(batch.Count)));
            product.Choose(hash, keys[..(batch.Count * product.Transfers)], powers[j - 1], corrections, [_products[j - 1].AsMemory(batch.Start, batch.Count)]);
            keys = keys[(batch.Count * product.Transfers)..];
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
