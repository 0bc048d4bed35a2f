using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.ObliviousTransfer;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>The client of <see cref="BeaverProtocol"/> and its material, for one inference.</summary>
internal sealed class BeaverClient<TWord>(BeaverProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare) : IPolynomialClient
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialClient<TWord> _base = new(protocol.Base, inputShare, outputShare);
    private readonly BeaverProducts<TWord> _triples = new(protocol);
    private bool _disposed;

    private int PowerBits => protocol.Base.PowerBits;

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
    {
        int ofFactors = protocol.Schedule.Factors.Length * protocol.FactorTransfers(batch.Count);
        using PooledBlocks keys = new(ofFactors);
        transfers.ClientChooses[..ofFactors].CopyTo(keys.Span);
        _base.Prepare(batch, channel, session, random, transfers.Skip(ofFactors), () =>
        {
            beforeAnswer();
            if (ofFactors > 0)
                Receive(batch, channel, session, keys.Span);
        });
    }

    public IEnumerable<PlannedMessage> Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        TWord[] opened = new TWord[protocol.Count];
        ulong[] signs = new ulong[_base.InputSigns];
        Dictionary<int, TWord[]> theirs = [];
        channel.BeginReceive(MessageKind.Step, protocol.Opening);
        ShareMessages.Receive<TWord>(channel, opened, PowerBits);
        ShareMessages.Receive<ulong>(channel, signs, 1);
        ReceiveOpenings(channel, protocol.Schedule.FirstFactors, theirs);
        channel.EndReceive();
        yield return protocol.Opening;

        PowerSums<TWord> powers = new(PowerBits) { [1] = _base.Identity(opened, signs), [2] = _base.Evaluate(opened, signs) };
        Multiply(powers, theirs, protocol.Schedule.SecondFactors);
        channel.BeginSend(MessageKind.Step, protocol.Factors);
        foreach (int factor in protocol.Schedule.Factors)
            ShareMessages.Send<TWord>(channel, _triples.Open(factor, powers[factor]), PowerBits);
        ulong[] choices = new ulong[_base.OutputChoices.Length];
        if (protocol.HasSecondFlight)
        {
            channel.EndSend();
            yield return protocol.Factors;
            channel.BeginReceive(MessageKind.Step, protocol.SecondOpening);
            ReceiveOpenings(channel, protocol.Schedule.SecondFactors, theirs);
            ShareMessages.Receive<ulong>(channel, choices, 1);
            channel.EndReceive();
            yield return protocol.SecondOpening;
        }

        Multiply(powers, theirs, protocol.Schedule.Powers.Except(protocol.Schedule.SecondFactors));
        if (protocol.HasSecondFlight)
            channel.BeginSend(MessageKind.Step, protocol.Base.Shares);
        _base.SendAnswer(channel, powers.Combine(protocol.Definition, constant: TWord.Zero), choices);
        channel.EndSend();
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

    // The transfers' random choices are the words a.
    private void Receive(PolynomialBatch batch, MessageChannel channel, GarblingSession session, ReadOnlySpan<Block> keys)
    {
        int perFactor = protocol.FactorTransfers(batch.Count);
        byte[] choices = new byte[ChosenChoice.ReceiverBytes(perFactor)];
        channel.BeginReceive(MessageKind.Step, protocol.Corrections(batch.Count));
        foreach (int factor in protocol.Schedule.Factors)
        {
            Span<TWord> words = batch.Slice(_triples.Word(factor)).Span;
            ChosenChoice.PackRandomChoices(keys[..perFactor], choices);
            PackedBits.Unpack(choices, PowerBits, words);
            protocol.Products(factor).Choose<TWord>(channel, session, keys[..perFactor], words, batch.Slice(_triples.ProductsOf(factor)));
            keys = keys[perFactor..];
        }

        channel.EndReceive();
        Array.Clear(choices);
    }

    private void ReceiveOpenings(MessageChannel channel, IEnumerable<int> factors, Dictionary<int, TWord[]> theirs)
    {
        foreach (int factor in factors)
        {
            theirs[factor] = new TWord[protocol.Count];
            ShareMessages.Receive<TWord>(channel, theirs[factor], PowerBits);
        }
    }

    private void Multiply(PowerSums<TWord> powers, Dictionary<int, TWord[]> theirs, IEnumerable<int> wanted)
    {
        TWord mask = Words.Mask<TWord>(PowerBits);
        foreach (int n in wanted)
        {
            int x = n / 2, y = (n + 1) / 2;
            TWord[] ownX = powers[x], ownY = powers[y], ofX = theirs[x], ofY = theirs[y], one = _triples.Product(x, y), other = _triples.Product(y, x);
            TWord[] share = new TWord[ownX.Length];
            for (int i = 0; i < share.Length; i++)
                share[i] = ((ownX[i] * ownY[i]) + (ownX[i] * ofY[i]) + (ownY[i] * ofX[i]) + one[i] + other[i]) & mask;
            powers[n] = share;
        }
    }
}
