using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// The server's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. Words have 64 bits, or
/// 128 where the ring of the powers has more than 64. What fills it decides where material comes from; see
/// <see cref="PolynomialTransferServer{TWord}"/> and <see cref="Dealer.DealtPolynomialProtocol"/>.
/// </summary>
internal sealed class PolynomialServer<TWord> : IPolynomialServer
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol;
    private bool _disposed;

    public PolynomialServer(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        Powers = new PowerShares<TWord>(protocol);
        Wraps = new WrapShares<TWord>(protocol);
        InputChoices = new ulong[protocol.InputShift.Wraps ? protocol.Count : 0];
        OutputChoices = new ulong[protocol.OutputShift.Wraps ? protocol.Count : 0];
        OutputProducts = new ulong[OutputChoices.Length];
    }

    /// <summary>Shares of u, …: u's is t.</summary>
    public PowerShares<TWord> Powers { get; }

    /// <summary>Shares of γ·u^j and τγ·u^j.</summary>
    public WrapShares<TWord> Wraps { get; }

    /// <summary>τ.</summary>
    public ulong[] InputChoices { get; }

    /// <summary>τ'.</summary>
    public ulong[] OutputChoices { get; }

    /// <summary>Shares of ρτ'.</summary>
    public ulong[] OutputProducts { get; }

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
        => new PolynomialTransferServer<TWord>(_protocol, batch, this, channel, session).Run(random, transfers, beforeAnswer);

    public IEnumerable<PlannedMessage> Run(MessageChannel channel, ulong[] inputShare, ulong[] outputShare)
    {
        // Two openings with one t would reveal the difference of two inputs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        (TWord[] opened, ulong[] signs) = Open(inputShare);
        TWord[]? share = _protocol.OutputShift.Wraps ? Evaluate(opened, signs) : null;
        ulong[] wraps = share is null ? [] : OutputWraps(share);
        SendOpening(channel, opened, signs, wraps);
        yield return _protocol.Opening;

        // Where the opening does not depend on its own result, it evaluates while the client does.
        ReceiveAnswer(channel, share ?? Evaluate(opened, signs), wraps, outputShare);
        Dispose();
        yield return _protocol.Shares;
    }

    /// <summary>δ and β of its share of x.</summary>
    public (TWord[] Opened, ulong[] Signs) Open(ReadOnlySpan<ulong> inputShare)
    {
        TWord[] opened = new TWord[_protocol.Count];
        ulong[] signs = new ulong[InputChoices.Length];
        for (int i = 0; i < opened.Length; i++)
            opened[i] = _protocol.InputShift.Ceiling<ulong, TWord>(inputShare[i]);
        for (int i = 0; i < signs.Length; i++)
            signs[i] = _protocol.InputShift.CeilingSign(inputShare[i]) ^ InputChoices[i];
        Words.Subtract<TWord>(opened, Powers[1], opened, _protocol.PowerBits);
        return (opened, signs);
    }

    /// <summary>Its share of p(x/2^f).</summary>
    public TWord[] Evaluate(ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs)
    {
        TWord[] share = new TWord[_protocol.Count];
        Powers.Evaluate(0, opened, constant: TWord.One, share);
        Wraps.AddTo(0, opened, signs, share);
        return share;
    }

    /// <summary>Its share of x/2^f.</summary>
    public TWord[] Identity(ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs)
    {
        TWord[] share = new TWord[_protocol.Count];
        Powers.Identity(opened, constant: TWord.One, share);
        Wraps.AddWrap(signs, share);
        return share;
    }

    /// <summary>β' of its share of the undivided result; empty where the halves lack no wrap.</summary>
    public ulong[] OutputWraps(ReadOnlySpan<TWord> share)
    {
        ulong[] wraps = new ulong[OutputChoices.Length];
        for (int i = 0; i < wraps.Length; i++)
            wraps[i] = _protocol.OutputShift.CeilingSign(share[i]) ^ OutputChoices[i];
        return wraps;
    }

    /// <summary>Receives the client's answer, and adds its own share of the result, divided.</summary>
    /// <param name="channel">From the client.</param>
    /// <param name="share">Its share of the undivided result.</param>
    /// <param name="wraps">β'.</param>
    /// <param name="outputShare">Receives y − r.</param>
    public void ReceiveAnswer(MessageChannel channel, ReadOnlySpan<TWord> share, ReadOnlySpan<ulong> wraps, Span<ulong> outputShare)
    {
        ulong[] theirs = new ulong[wraps.Length];
        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        ShareMessages.Receive<ulong>(channel, theirs, 1);
        channel.EndReceive();
        AddUnwrapped(share, outputShare);
        SharedShift shift = _protocol.OutputShift;
        for (int i = 0; i < theirs.Length; i++)
        {
            ulong product = (theirs[i] * shift.CeilingSign(share[i])) + ((1 - (2 * theirs[i])) * (1 - (2 * wraps[i])) * OutputProducts[i]);
            outputShare[i] = (outputShare[i] + (shift.Wrap<ulong>() * product)) & _protocol.Ring.Mask;
        }
    }

    /// <summary>Adds its half of the result, divided; the halves may lack a wrap.</summary>
    public void AddUnwrapped(ReadOnlySpan<TWord> share, Span<ulong> outputShare)
    {
        for (int i = 0; i < share.Length; i++)
            outputShare[i] = (outputShare[i] + _protocol.OutputShift.Ceiling<TWord, ulong>(share[i])) & _protocol.Ring.Mask;
    }

    public void Keep(MaterialFields fields)
    {
        Powers.Keep(fields);
        Wraps.Keep(fields);
        fields.Keep(InputChoices);
        fields.Keep(OutputChoices);
        fields.Keep(OutputProducts);
    }

    public void Dispose()
    {
        _disposed = true;
        Powers.Dispose();
        Wraps.Dispose();
        Array.Clear(InputChoices);
        Array.Clear(OutputChoices);
        Array.Clear(OutputProducts);
    }

    private void SendOpening(MessageChannel channel, ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs, ReadOnlySpan<ulong> wraps)
    {
        channel.BeginSend(MessageKind.Step, _protocol.Opening);
        ShareMessages.Send(channel, signs, 1);
        ShareMessages.Send(channel, wraps, 1);
        ShareMessages.Send(channel, opened, _protocol.PowerBits);
        channel.EndSend();
    }
}
