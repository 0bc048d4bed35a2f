using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of <see cref="BeaverProtocol"/> and its material, for one inference.</summary>
internal sealed class BeaverClient(BeaverProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) : IPolynomialClient
{
    private readonly PolynomialClient<ulong> _base = new(protocol.Base, inputShare, outputShare);
    private readonly BeaverProducts _triples = new(protocol);
    private bool _disposed;

    private Ring PowerRing => protocol.Base.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int perFactor = protocol.FactorTransfers(batch.Count), ofFactors = protocol.Schedule.Factors.Length * perFactor;
        using PooledBlocks keys = new(ofFactors);
        transfers.ClientChooses[..ofFactors].CopyTo(keys.Span);
        _base.Prepare(batch, channel, session, random, transfers.Skip(ofFactors), () =>
        {
            beforeAnswer();
            if (ofFactors > 0)
                Receive(batch, channel, session, keys.Span);
        });
    }

    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] opened = new ulong[protocol.Count], signs = new ulong[protocol.Count];
        Dictionary<int, ulong[]> theirs = [];
        channel.BeginReceive(MessageKind.Step, protocol.Opening);
        ShareMessages.Receive(channel, opened, PowerRing.Bits);
        if (protocol.Base.InputShift.Wraps)
            ShareMessages.Receive(channel, signs, 1);
        ReceiveOpenings(channel, protocol.Schedule.FirstFactors, theirs);
        channel.EndReceive();

        PowerSums powers = new(PowerRing) { [1] = _base.Identity(opened, signs), [2] = _base.Evaluate(opened, signs) };
        Multiply(powers, theirs, protocol.Schedule.SecondFactors);
        channel.BeginSend(MessageKind.Step, protocol.Factors);
        foreach (int factor in protocol.Schedule.Factors)
            ShareMessages.Send(channel, _triples.Open(factor, powers[factor]), PowerRing.Bits);
        ulong[] choices = new ulong[protocol.Count];
        if (protocol.HasSecondFlight)
        {
            channel.EndSend();
            channel.BeginReceive(MessageKind.Step, protocol.SecondOpening);
            ReceiveOpenings(channel, protocol.Schedule.SecondFactors, theirs);
            if (protocol.Base.OutputShift.Wraps)
                ShareMessages.Receive(channel, choices, 1);
            channel.EndReceive();
        }

        Multiply(powers, theirs, protocol.Schedule.Powers.Except(protocol.Schedule.SecondFactors));
        if (protocol.HasSecondFlight)
            channel.BeginSend(MessageKind.Step, protocol.Base.Shares);
        _base.SendAnswer(channel, powers.Combine(protocol.Definition, constant: 0), choices);
        channel.EndSend();
        powers.Clear();
        Dispose();
    }

    public void Keep(MaterialFields fields)
    {
        _base.Keep(fields);
        _triples.Keep(fields);
    }

    public void Dispose()
    {
        _disposed = true;
        _base.Dispose();
        _triples.Dispose();
    }

    // The transfers' random choices are the words a.
    private void Receive(PolynomialBatch batch, MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys)
    {
        int perFactor = protocol.FactorTransfers(batch.Count);
        byte[] choices = new byte[ChosenChoice.ReceiverBytes(perFactor)];
        channel.BeginReceive(MessageKind.Step, protocol.Corrections(batch.Count));
        foreach (int factor in protocol.Schedule.Factors)
        {
            Span<ulong> words = _triples.Word(factor).AsSpan(batch.Start, batch.Count);
            ChosenChoice.PackRandomChoices(keys[..perFactor], choices);
            PackedBits.Unpack(choices, PowerRing.Bits, words);
            GilboaProducts products = protocol.Products(factor);
            byte[] corrections = new byte[products.CorrectionBytes(batch.Count)];
            channel.Receive(corrections);
            TweakableHash hash = new(session.StartPoint, session.Reserve(products.Tweaks(batch.Count)));
            products.Choose(hash, keys[..perFactor], words, corrections, [.. protocol.Schedule.Partners(factor).Select(p => _triples.Product(factor, p).AsMemory(batch.Start, batch.Count))]);
            keys = keys[perFactor..];
        }

        channel.EndReceive();
        Array.Clear(choices);
    }

    private void ReceiveOpenings(MessageChannel channel, IEnumerable<int> factors, Dictionary<int, ulong[]> theirs)
    {
        foreach (int factor in factors)
        {
            theirs[factor] = new ulong[protocol.Count];
            ShareMessages.Receive(channel, theirs[factor], PowerRing.Bits);
        }
    }

    private void Multiply(PowerSums powers, Dictionary<int, ulong[]> theirs, IEnumerable<int> wanted)
    {
        foreach (int n in wanted)
        {
            int x = n / 2, y = (n + 1) / 2;
            ulong[] ownX = powers[x], ownY = powers[y], ofX = theirs[x], ofY = theirs[y], one = _triples.Product(x, y), other = _triples.Product(y, x);
            ulong[] share = new ulong[ownX.Length];
            for (int i = 0; i < share.Length; i++)
                share[i] = ((ownX[i] * ownY[i]) + (ownX[i] * ofY[i]) + (ownY[i] * ofX[i]) + one[i] + other[i]) & PowerRing.Mask;
            powers[n] = share;
        }
    }
}
