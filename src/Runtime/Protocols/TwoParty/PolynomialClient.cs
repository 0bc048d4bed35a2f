using PrivateInference.Runtime.Garbling;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Protocols.TwoParty.Powers;
using PrivateInference.Runtime.Randomness;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The client's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. What fills the
/// powers, wraps and pads decides where material comes from; see <see cref="PolynomialTransferClient"/>.
/// </summary>
internal sealed class PolynomialClient : IPolynomialClient
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
        Powers = new PowerShares(protocol);
        Wraps = new WrapShares(protocol);
        OutputChoices = new ulong[protocol.OutputShift.Wraps ? protocol.Count : 0];
        OutputProducts = new ulong[OutputChoices.Length];
        for (int i = 0; i < inputShare.Length; i++)
            Powers[1][i] = protocol.InputShift.Floor(inputShare[i]);
        if (protocol.InputShift.Wraps)
        {
            for (int i = 0; i < inputShare.Length; i++)
                Wraps.Signed[0][i] = protocol.InputShift.FloorSign(inputShare[i]);
        }

        _outputShare = outputShare.ToArray();
    }

    /// <summary>Shares of u, …: u's is C from the beginning.</summary>
    public PowerShares Powers { get; }

    /// <summary>Shares of γ·u^j and τγ·u^j: γ itself is the client's from the beginning.</summary>
    public WrapShares Wraps { get; }

    /// <summary>ρ.</summary>
    public ulong[] OutputChoices { get; }

    /// <summary>Shares of ρτ'.</summary>
    public ulong[] OutputProducts { get; }

    public void Prepare(PolynomialBatch batch, MessageChannel channel, GarblingSession session, AesCtrGenerator random, BatchTransfers transfers, Action beforeAnswer)
        => new PolynomialTransferClient(_protocol, batch, this, channel, session).Run(random, transfers, beforeAnswer);

    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = _protocol.Count;
        ulong[] opened = new ulong[count], signs = new ulong[count], choices = new ulong[count];
        channel.BeginReceive(MessageKind.Step, _protocol.Opening);
        ShareMessages.Receive(channel, opened, _protocol.PowerRing.Bits);
        if (_protocol.InputShift.Wraps)
            ShareMessages.Receive(channel, signs, 1);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Receive(channel, choices, 1);
        channel.EndReceive();

        ulong[] share = Evaluate(opened, signs);
        channel.BeginSend(MessageKind.Step, _protocol.Shares);
        SendAnswer(channel, share, choices);
        channel.EndSend();
        Dispose();
    }

    /// <summary>Its share of p(x/2^f).</summary>
    /// <param name="opened">δ.</param>
    /// <param name="signs">β.</param>
    public ulong[] Evaluate(ReadOnlySpan<ulong> opened, ReadOnlySpan<ulong> signs)
    {
        ulong[] share = new ulong[_protocol.Count];
        Powers.Evaluate(opened, constant: 0, share);
        Wraps.AddTo(opened, signs, share);
        return share;
    }

    /// <summary>Its share of x/2^f.</summary>
    public ulong[] Identity(ReadOnlySpan<ulong> opened, ReadOnlySpan<ulong> signs)
    {
        ulong[] share = new ulong[_protocol.Count];
        Powers.Identity(opened, constant: 0, share);
        Wraps.AddWrap(signs, share);
        return share;
    }

    /// <summary>Divides its share of the result, and sends it less r, and α. The message has been begun.</summary>
    /// <param name="channel">To the server.</param>
    /// <param name="share">Its share of the undivided result; changed.</param>
    /// <param name="choices">β'; changed.</param>
    public void SendAnswer(MessageChannel channel, ulong[] share, ulong[] choices)
    {
        Divide(share, choices);
        _protocol.Ring.Subtract(share, _outputShare, share);
        ShareMessages.Send(channel, share, _protocol.Ring.Bits);
        if (_protocol.OutputShift.Wraps)
            ShareMessages.Send(channel, choices, 1);
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

    // The share of the quotient in the place of the share, and α in that of β'.
    private void Divide(Span<ulong> share, Span<ulong> choices)
    {
        SharedShift shift = _protocol.OutputShift;
        if (!shift.Wraps)
        {
            foreach (ref ulong word in share)
                word = shift.Floor(word);
            return;
        }

        for (int i = 0; i < share.Length; i++)
        {
            ulong theirs = choices[i], own = shift.FloorSign(share[i]) ^ OutputChoices[i];
            ulong product = (1 - (2 * own)) * ((theirs * OutputChoices[i]) + ((1 - (2 * theirs)) * OutputProducts[i]));
            share[i] = shift.Floor(share[i]) + (shift.Wrap * product);
            choices[i] = own;
        }
    }
}
