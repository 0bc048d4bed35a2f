using System.Numerics;
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

    /// <summary>ρ.</summary>
    public ulong[] OutputChoices { get; }

    /// <summary>Shares of ρτ'.</summary>
    public ulong[] OutputProducts { get; }

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
        => new PolynomialTransferClient<TWord>(_protocol, batch, this, channel, session).Run(random, transfers, beforeAnswer);

    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = _protocol.Count;
        TWord[] opened = new TWord[count];
        ulong[] signs = new ulong[count], choices = new ulong[count];
        channel.BeginReceive(MessageKind.Step, _protocol.Opening);
        ShareMessages.Receive<TWord>(channel, opened, _protocol.PowerBits);
        if (_protocol.InputShift.Wraps)
            ShareMessages.Receive<ulong>(channel, signs, 1);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Receive<ulong>(channel, choices, 1);
        channel.EndReceive();

        TWord[] share = Evaluate(opened, signs);
        channel.BeginSend(MessageKind.Step, _protocol.Shares);
        SendAnswer(channel, share, choices);
        channel.EndSend();
        Dispose();
    }

    /// <summary>Its share of p(x/2^f).</summary>
    /// <param name="opened">δ.</param>
    /// <param name="signs">β.</param>
    public TWord[] Evaluate(ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs)
    {
        TWord[] share = new TWord[_protocol.Count];
        Powers.Evaluate(opened, constant: TWord.Zero, share);
        Wraps.AddTo(opened, signs, share);
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

    /// <summary>Divides its share of the result, and sends it less r, and α. The message has been begun.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="share">Its share of the undivided result.</param>
    /// <param name="choices">β'; changed.</param>
    public void SendAnswer(MessageChannel channel, ReadOnlySpan<TWord> share, ulong[] choices)
    {
        ulong[] quotient = new ulong[share.Length];
        Divide(share, choices, quotient);
        _protocol.Ring.Subtract(quotient, _outputShare, quotient);
        ShareMessages.Send<ulong>(channel, quotient, _protocol.Ring.Bits);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Send<ulong>(channel, choices, 1);
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

    // The share of the quotient, and α in the place of β'.
    private void Divide(ReadOnlySpan<TWord> share, Span<ulong> choices, Span<ulong> quotient)
    {
        SharedShift shift = _protocol.OutputShift;
        for (int i = 0; i < share.Length; i++)
        {
            quotient[i] = shift.Floor<TWord, ulong>(share[i]);
            if (!shift.Wraps)
                continue;
            ulong theirs = choices[i], own = shift.FloorSign(share[i]) ^ OutputChoices[i];
            ulong product = (1 - (2 * own)) * ((theirs * OutputChoices[i]) + ((1 - (2 * theirs)) * OutputProducts[i]));
            quotient[i] += shift.Wrap<ulong>() * product;
            choices[i] = own;
        }
    }
}
