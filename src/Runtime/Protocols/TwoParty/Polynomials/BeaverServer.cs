using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The server of <see cref="BeaverProtocol"/> and its material, for one inference.</summary>
internal sealed class BeaverServer<TWord>(BeaverProtocol protocol) : IPolynomialServer
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialServer<TWord> _base = new(protocol.Base);
    private readonly BeaverProducts<TWord> _triples = new(protocol);
    private bool _disposed;

    private int PowerBits => protocol.Base.PowerBits;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int ofFactors = protocol.Schedule.Factors.Length * protocol.FactorTransfers(batch.Count);
        Block delta = transfers.Delta;
        using PooledBlocks keys = new(ofFactors);
        transfers.ClientChooses[..ofFactors].CopyTo(keys.Span);
        foreach (int factor in protocol.Schedule.Factors)
            random.FillRing(batch.Slice(_triples.Word(factor)).Span, PowerBits);
        _base.Prepare(batch, channel, session, random, transfers.Skip(ofFactors), () =>
        {
            beforeAnswer();
            if (ofFactors > 0)
                Send(batch, channel, session, keys.Span, delta);
        });
    }

    public IEnumerable<PlannedMessage> Run(MessageChannel channel, ulong[] inputShare, ulong[] outputShare)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        (TWord[] opened, ulong[] signs) = _base.Open(inputShare);
        PowerSums<TWord> powers = new(PowerBits) { [1] = _base.Identity(opened, signs), [2] = _base.Evaluate(opened, signs) };
        channel.BeginSend(MessageKind.Step, protocol.Opening);
        ShareMessages.Send<TWord>(channel, opened, PowerBits);
        ShareMessages.Send<ulong>(channel, signs, 1);
        SendOpenings(channel, protocol.Schedule.FirstFactors, powers);
        channel.EndSend();
        yield return protocol.Opening;

        Dictionary<int, TWord[]> theirs = [];
        channel.BeginReceive(MessageKind.Step, protocol.Factors);
        foreach (int factor in protocol.Schedule.Factors)
        {
            theirs[factor] = new TWord[protocol.Count];
            ShareMessages.Receive<TWord>(channel, theirs[factor], PowerBits);
        }

        if (!protocol.HasSecondFlight)
            ShareMessages.Receive<ulong>(channel, outputShare, protocol.Base.Ring.Bits);
        channel.EndReceive();
        if (protocol.HasSecondFlight)
            yield return protocol.Factors;
        Multiply(powers, theirs, protocol.Schedule.Powers);
        TWord[] share = powers.Combine(protocol.Definition, constant: TWord.One);
        if (protocol.HasSecondFlight)
        {
            ulong[] wraps = _base.OutputWraps(share);
            OpenSecond(channel, powers, wraps);
            yield return protocol.SecondOpening;
            _base.ReceiveAnswer(channel, share, wraps, outputShare);
        }
        else
            _base.AddUnwrapped(share, outputShare);
        powers.Clear();
        Dispose();
        yield return protocol.HasSecondFlight ? protocol.Base.Shares : protocol.Factors;
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

    private void OpenSecond(MessageChannel channel, PowerSums<TWord> powers, ulong[] wraps)
    {
        channel.BeginSend(MessageKind.Step, protocol.SecondOpening);
        SendOpenings(channel, protocol.Schedule.SecondFactors, powers);
        ShareMessages.Send<ulong>(channel, wraps, 1);
        channel.EndSend();
    }

    private void SendOpenings(MessageChannel channel, IEnumerable<int> factors, PowerSums<TWord> powers)
    {
        foreach (int factor in factors)
            ShareMessages.Send<TWord>(channel, _triples.Open(factor, powers[factor]), PowerBits);
    }

    private void Send(PolynomialBatch batch, MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys, Block delta)
    {
        int perFactor = protocol.FactorTransfers(batch.Count);
        channel.BeginSend(MessageKind.Step, protocol.Corrections(batch.Count));
        foreach (int factor in protocol.Schedule.Factors)
        {
            IEnumerable<TWord[]> offered = protocol.Schedule.Partners(factor).Select(_triples.Word);
            protocol.Products(factor).Offer(channel, session, keys[..perFactor], delta, batch.Slice(offered), batch.Slice(_triples.ProductsOf(factor)));
            keys = keys[perFactor..];
        }

        channel.EndSend();
    }

    private void Multiply(PowerSums<TWord> powers, Dictionary<int, TWord[]> theirs, IEnumerable<int> wanted)
    {
        TWord mask = Words.Mask<TWord>(PowerBits);
        foreach (int n in wanted)
        {
            int x = n / 2, y = (n + 1) / 2;
            TWord[] ownX = powers[x], ownY = powers[y], one = _triples.Product(x, y), other = _triples.Product(y, x);
            TWord[] ofX = theirs[x], ofY = theirs[y], wordX = _triples.Word(x), wordY = _triples.Word(y);
            TWord[] share = new TWord[ownX.Length];
            for (int i = 0; i < share.Length; i++)
                share[i] = ((ownX[i] * ownY[i]) + (ofX[i] * wordY[i]) + (ofY[i] * wordX[i]) + one[i] + other[i]) & mask;
            powers[n] = share;
        }
    }
}
