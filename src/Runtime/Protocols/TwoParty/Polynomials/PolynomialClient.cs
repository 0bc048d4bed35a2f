using System.Numerics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty.Polynomials;

/// <summary>
/// The client's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. Words have 64 bits, or
/// 128 where the ring of the powers has more than 64. What fills the powers and products decides where material comes from; see
/// <see cref="PolynomialTransferClient{TWord}"/> and <see cref="Dealer.DealtPolynomialProtocol"/>.
/// </summary>
internal sealed class PolynomialClient<TWord> : IPolynomialClient
    where TWord : unmanaged, IBinaryInteger<TWord>, IUnsignedNumber<TWord>
{
    private readonly PolynomialProtocol _protocol;
    private readonly ulong[] _outputShare;
    private bool _disposed;

    /// <param name="protocol">The step's protocol.</param>
    /// <param name="inputShare">c.</param>
    /// <param name="outputShare">r.</param>
    public PolynomialClient(PolynomialProtocol protocol, ReadOnlySpan<ulong> inputShare, ReadOnlySpan<ulong> outputShare)
    {
        _protocol = protocol;
        Powers = new PowerShares<TWord>(protocol);
        Wraps = new WrapShares<TWord>(protocol);
        OutputChoices = new ulong[protocol.OutputShift.Wraps ? protocol.Count : 0];
        OutputProducts = new ulong[OutputChoices.Length];
        for (int i = 0; i < inputShare.Length; i++)
            Powers[1][i] = protocol.InputShift.Floor<ulong, TWord>(inputShare[i]);
        if (protocol.InputShift.Wraps)
        {
            for (int i = 0; i < inputShare.Length; i++)
                Wraps.Signed[0][i] = TWord.CreateTruncating(protocol.InputShift.FloorSign(inputShare[i]));
        }

        _outputShare = outputShare.ToArray();
    }

    /// <summary>Shares of u, …: u's is C from the beginning.</summary>
    public PowerShares<TWord> Powers { get; }

    /// <summary>Shares of γ·u^j and τγ·u^j: γ itself is the client's from the beginning.</summary>
    public WrapShares<TWord> Wraps { get; }

    /// <summary>β that the server sends: one an element, or none.</summary>
    public int InputSigns => _protocol.InputShift.Wraps ? _protocol.Count : 0;

    /// <summary>ρ.</summary>
    public ulong[] OutputChoices { get; }

    /// <summary>Shares of ρτ'.</summary>
    public ulong[] OutputProducts { get; }

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
        => new PolynomialTransferClient<TWord>(_protocol, batch, this, channel, session).Run(random, transfers, beforeAnswer);

    public IEnumerable<PlannedMessage> Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        channel.BeginReceive(MessageKind.Step, _protocol.Opening);
        channel.BeginPost(MessageKind.Step, _protocol.Shares);
        foreach (Range piece in ShareMessages.Pieces(_protocol.Count))
            AnswerOpening(channel, piece);
        channel.EndReceive();
        channel.EndSend();
        Dispose();
        yield return _protocol.Opening;
        yield return _protocol.Shares;
    }

    /// <summary>Its share of p(x/2^f).</summary>
    /// <param name="opened">δ.</param>
    /// <param name="signs">β.</param>
    public TWord[] Evaluate(ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs)
    {
        TWord[] share = new TWord[_protocol.Count];
        Evaluate(0, opened, signs, share);
        return share;
    }

    /// <summary>Its share of x/2^f.</summary>
    public TWord[] Identity(ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs)
    {
        TWord[] share = new TWord[_protocol.Count];
        Powers.Identity(opened, constant: TWord.Zero, share);
        Wraps.AddWrap(signs, share);
        return share;
    }

    /// <summary>Divides its share of the result, and sends it less r, and α, piece by piece. The message has been begun.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="share">Its share of the undivided result.</param>
    /// <param name="choices">β'; changed. Empty where the output's halves lack no wrap.</param>
    public void SendAnswer(MessageChannel channel, ReadOnlySpan<TWord> share, ulong[] choices)
    {
        foreach (Range piece in ShareMessages.Pieces(_protocol.Count))
            SendAnswer(channel, piece.Start.Value, share[piece], choices.Length == 0 ? [] : choices.AsSpan(piece));
    }

    public void Keep(MaterialFields fields)
    {
        Powers.Keep(fields);
        Wraps.Keep(fields);
        fields.Keep(OutputChoices);
        fields.Keep(OutputProducts);
        fields.Keep(_outputShare);
    }

    public void Dispose()
    {
        _disposed = true;
        Powers.Dispose();
        Wraps.Dispose();
        Array.Clear(OutputChoices);
        Array.Clear(OutputProducts);
        Array.Clear(_outputShare);
    }

    // Answers what of the opening is there, while the rest is under way.
    private void AnswerOpening(MessageChannel channel, Range piece)
    {
        (int start, int count) = piece.GetOffsetAndLength(_protocol.Count);
        TWord[] opened = new TWord[count], share = new TWord[count];
        ulong[] signs = new ulong[_protocol.InputShift.Wraps ? count : 0], choices = new ulong[_protocol.OutputShift.Wraps ? count : 0];
        ShareMessages.Receive<ulong>(channel, signs, 1);
        ShareMessages.Receive<ulong>(channel, choices, 1);
        ShareMessages.Receive<TWord>(channel, opened, _protocol.PowerBits);
        Evaluate(start, opened, signs, share);
        SendAnswer(channel, start, share, choices);
    }

    // Of consecutive elements, as all below.
    private void Evaluate(int start, ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs, Span<TWord> share)
    {
        Powers.Evaluate(start, opened, constant: TWord.Zero, share);
        Wraps.AddTo(start, opened, signs, share);
    }

    private void SendAnswer(MessageChannel channel, int start, ReadOnlySpan<TWord> share, Span<ulong> choices)
    {
        ulong[] answer = new ulong[share.Length];
        Divide(start, share, choices, answer);
        for (int i = 0; i < answer.Length; i++)
            answer[i] = (answer[i] - _outputShare[start + i]) & _protocol.Ring.Mask;
        ShareMessages.Send<ulong>(channel, answer, _protocol.Ring.Bits);
        ShareMessages.Send<ulong>(channel, choices, 1);
    }

    // The share of the quotient, and α in the place of β'.
    private void Divide(int start, ReadOnlySpan<TWord> share, Span<ulong> choices, Span<ulong> quotient)
    {
        SharedShift shift = _protocol.OutputShift;
        for (int i = 0; i < share.Length; i++)
        {
            quotient[i] = shift.Floor<TWord, ulong>(share[i]);
            if (!shift.Wraps)
                continue;
            ulong rho = OutputChoices[start + i], theirs = choices[i], own = shift.FloorSign(share[i]) ^ rho;
            ulong product = (1 - (2 * own)) * ((theirs * rho) + ((1 - (2 * theirs)) * OutputProducts[start + i]));
            quotient[i] += shift.Wrap<ulong>() * product;
            choices[i] = own;
        }
    }
}
