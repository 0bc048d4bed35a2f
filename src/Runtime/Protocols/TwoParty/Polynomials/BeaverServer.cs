using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of <see cref="BeaverProtocol"/> and its material, for one inference.</summary>
internal sealed class BeaverServer(BeaverProtocol protocol) : IPolynomialServer
{
    private readonly PolynomialServer<ulong> _base = new(protocol.Base);
    private readonly BeaverProducts _triples = new(protocol);
    private bool _disposed;

    private Ring PowerRing => protocol.Base.PowerRing;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int ofFactors = protocol.Schedule.Factors.Length * protocol.FactorTransfers(batch.Count);
        Block delta = transfers.Delta;
        using PooledBlocks keys = new(ofFactors);
        transfers.ClientChooses[..ofFactors].CopyTo(keys.Span);
        foreach (int factor in protocol.Schedule.Factors)
            random.FillRing(_triples.Word(factor).AsSpan(batch.Start, batch.Count), PowerRing.Bits);
        _base.Prepare(batch, channel, session, random, transfers.Skip(ofFactors), () =>
        {
            beforeAnswer();
            if (ofFactors > 0)
                Send(batch, channel, session, keys.Span, delta);
        });
    }

    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (ulong[] opened, ulong[] signs) = _base.Open(inputShare);
        PowerSums powers = new(PowerRing) { [1] = _base.Identity(opened, signs), [2] = _base.Evaluate(opened, signs) };
        channel.BeginSend(MessageKind.Step, protocol.Opening);
        ShareMessages.Send(channel, opened, PowerRing.Bits);
        if (protocol.Base.InputShift.Wraps)
            ShareMessages.Send(channel, signs, 1);
        SendOpenings(channel, protocol.Schedule.FirstFactors, powers);
        channel.EndSend();

        Dictionary<int, ulong[]> theirs = [];
        channel.BeginReceive(MessageKind.Step, protocol.Factors);
        foreach (int factor in protocol.Schedule.Factors)
        {
            theirs[factor] = new ulong[protocol.Count];
            ShareMessages.Receive(channel, theirs[factor], PowerRing.Bits);
        }

        if (!protocol.HasSecondFlight)
            ShareMessages.Receive(channel, outputShare, protocol.Base.Ring.Bits);
        channel.EndReceive();
        Multiply(powers, theirs, protocol.Schedule.Powers);
        ulong[] share = powers.Combine(protocol.Definition, constant: 1);
        if (protocol.HasSecondFlight)
            AnswerSecond(channel, powers, share, outputShare);
        else
            _base.AddUnwrapped(share, outputShare);
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

    private void AnswerSecond(MessageChannel channel, PowerSums powers, ulong[] share, Span<ulong> outputShare)
    {
        ulong[] wraps = _base.OutputWraps(share);
        channel.BeginSend(MessageKind.Step, protocol.SecondOpening);
        SendOpenings(channel, protocol.Schedule.SecondFactors, powers);
        if (protocol.Base.OutputShift.Wraps)
            ShareMessages.Send(channel, wraps, 1);
        channel.EndSend();
        _base.ReceiveAnswer(channel, share, wraps, outputShare);
    }

    private void SendOpenings(MessageChannel channel, IEnumerable<int> factors, PowerSums powers)
    {
        foreach (int factor in factors)
            ShareMessages.Send(channel, _triples.Open(factor, powers[factor]), PowerRing.Bits);
    }

    private void Send(PolynomialBatch batch, MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, Block delta)
    {
        int perFactor = protocol.FactorTransfers(batch.Count);
        channel.BeginSend(MessageKind.Step, protocol.Corrections(batch.Count));
        foreach (int factor in protocol.Schedule.Factors)
        {
            GilboaProducts products = protocol.Products(factor);
            byte[] corrections = new byte[products.CorrectionBytes(batch.Count)];
            int[] partners = [.. protocol.Schedule.Partners(factor)];
            TweakableHash hash = new(session.StartPoint, session.Reserve(products.Tweaks(batch.Count)));
            products.Offer(
                hash, keys[..perFactor], delta, [.. partners.Select(p => _triples.Word(p).AsMemory(batch.Start, batch.Count))], corrections,
                [.. partners.Select(p => _triples.Product(factor, p).AsMemory(batch.Start, batch.Count))]);
            channel.Send(corrections);
            keys = keys[perFactor..];
        }

        channel.EndSend();
    }

    private void Multiply(PowerSums powers, Dictionary<int, ulong[]> theirs, IEnumerable<int> wanted)
    {
        foreach (int n in wanted)
        {
            int x = n / 2, y = (n + 1) / 2;
            ulong[] ownX = powers[x], ownY = powers[y], one = _triples.Product(x, y), other = _triples.Product(y, x);
            ulong[] ofX = theirs[x], ofY = theirs[y], wordX = _triples.Word(x), wordY = _triples.Word(y);
            ulong[] share = new ulong[ownX.Length];
            for (int i = 0; i < share.Length; i++)
                share[i] = ((ownX[i] * ownY[i]) + (ofX[i] * wordY[i]) + (ofY[i] * wordX[i]) + one[i] + other[i]) & PowerRing.Mask;
            powers[n] = share;
        }
    }
}
