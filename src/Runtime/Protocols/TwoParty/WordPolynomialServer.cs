using System.Numerics;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// A <see cref="PolynomialServer"/> of words of some width. What fills it decides where material comes from; see
/// <see cref="PolynomialTransferServer{TWord}"/> and <see cref="DealtPolynomialProtocol"/>.
/// </summary>
internal sealed class WordPolynomialServer<TWord> : PolynomialServer
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol;
    private bool _disposed;

    public WordPolynomialServer(PolynomialProtocol protocol)
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

    public override void Transfer(
        PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, Span<Block> keys, Block delta, ReadOnlySpan<Block> chosen, Action beforeAnswer)
        => new PolynomialTransferServer<TWord>(batch, this, channel, session).Run(random, keys, delta, chosen, beforeAnswer);

    public override void Deal(DealtPolynomialProtocol dealt, MessageChannel dealer, DealerStreams server, ulong serial) => dealt.Fill(this, dealer, server, serial);

    public override void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        // Two openings with one t would reveal the difference of two inputs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        TWord[] opened = new TWord[_protocol.Count], share = new TWord[_protocol.Count];
        ulong[] signs = new ulong[InputChoices.Length];
        for (int i = 0; i < opened.Length; i++)
            opened[i] = _protocol.InputShift.Ceiling<ulong, TWord>(inputShare[i]);
        for (int i = 0; i < signs.Length; i++)
            signs[i] = _protocol.InputShift.CeilingSign(inputShare[i]) ^ InputChoices[i];
        Words.Subtract<TWord>(opened, Powers[1], opened, _protocol.PowerBits);
        if (_protocol.OutputShift.Wraps)
            RunWrapped(channel, opened, signs, share, outputShare);
        else
            RunUnwrapped(channel, opened, signs, share, outputShare);
        Dispose();
    }

    public override void Keep(MaterialFields fields)
    {
        Powers.Keep(fields);
        Wraps.Keep(fields);
        fields.Keep(InputChoices);
        fields.Keep(OutputChoices);
        fields.Keep(OutputProducts);
    }

    public override void Dispose()
    {
        _disposed = true;
        Powers.Dispose();
        Wraps.Dispose();
        Array.Clear(InputChoices);
        Array.Clear(OutputChoices);
        Array.Clear(OutputProducts);
    }

    // Evaluates while the client does.
    private void RunUnwrapped(MessageChannel channel, TWord[] opened, ulong[] signs, TWord[] share, Span<ulong> outputShare)
    {
        SendOpening(channel, opened, signs, []);
        Evaluate(opened, signs, share);
        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        channel.EndReceive();
        for (int i = 0; i < share.Length; i++)
            outputShare[i] = (outputShare[i] + _protocol.OutputShift.Ceiling<TWord, ulong>(share[i])) & _protocol.Ring.Mask;
    }

    private void RunWrapped(MessageChannel channel, TWord[] opened, ulong[] signs, TWord[] share, Span<ulong> outputShare)
    {
        SharedShift shift = _protocol.OutputShift;
        Evaluate(opened, signs, share);
        ulong[] wraps = new ulong[share.Length], theirs = new ulong[share.Length];
        for (int i = 0; i < wraps.Length; i++)
            wraps[i] = shift.CeilingSign(share[i]) ^ OutputChoices[i];
        SendOpening(channel, opened, signs, wraps);

        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        ShareMessages.Receive<ulong>(channel, theirs, 1);
        channel.EndReceive();
        for (int i = 0; i < share.Length; i++)
        {
            ulong product = (theirs[i] * shift.CeilingSign(share[i])) + ((1 - (2 * theirs[i])) * (1 - (2 * wraps[i])) * OutputProducts[i]);
            outputShare[i] = (outputShare[i] + shift.Ceiling<TWord, ulong>(share[i]) + (shift.Wrap<ulong>() * product)) & _protocol.Ring.Mask;
        }
    }

    private void Evaluate(TWord[] opened, ulong[] signs, TWord[] share)
    {
        Powers.Evaluate(opened, constant: TWord.One, share);
        Wraps.AddTo(opened, signs, share);
    }

    private void SendOpening(MessageChannel channel, ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs, ReadOnlySpan<ulong> wraps)
    {
        channel.BeginSend(MessageKind.Step, _protocol.Opening);
        ShareMessages.Send(channel, opened, _protocol.PowerBits);
        if (!signs.IsEmpty)
            ShareMessages.Send(channel, signs, 1);
        if (!wraps.IsEmpty)
            ShareMessages.Send(channel, wraps, 1);
        channel.EndSend();
    }
}
