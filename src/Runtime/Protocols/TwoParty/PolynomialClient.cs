using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The client's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. What fills the
/// powers, wraps and pads decides where material comes from; see <see cref="PolynomialTransferClient"/>.
/// </summary>
internal sealed class PolynomialClient : IDisposable
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
        int padded = protocol.OutputShift.IsEmpty ? 0 : protocol.Count;
        OutputPads = [new ulong[padded], new ulong[padded]];
        for (int i = 0; i < inputShare.Length; i++)
            Powers[1][i] = protocol.InputShift.Floor(inputShare[i]);
        if (!protocol.InputShift.IsEmpty)
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

    /// <summary>R_0 and R_1, of g bits.</summary>
    public ulong[][] OutputPads { get; }

    /// <summary>Online: evaluates, answers and clears the material.</summary>
    public void Run(MessageChannel channel)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        int count = _protocol.Count;
        ulong[] opened = new ulong[count], signs = new ulong[count], choices = new ulong[count], share = new ulong[count];
        channel.BeginReceive(MessageKind.Step, _protocol.Opening);
        ShareMessages.Receive(channel, opened, _protocol.Ring.Bits);
        if (!_protocol.InputShift.IsEmpty)
            ShareMessages.Receive(channel, signs, 1);
        if (!_protocol.OutputShift.IsEmpty)
            ShareMessages.Receive(channel, choices, 1);
        channel.EndReceive();

        Powers.Evaluate(opened, constant: 0, share);
        Wraps.AddTo(opened, signs, share);
        if (!_protocol.OutputShift.IsEmpty)
            Divide(share, choices);
        _protocol.Ring.Subtract(share, _outputShare, share);
        Dispose();
        channel.BeginSend(MessageKind.Step, _protocol.Shares);
        ShareMessages.Send(channel, share, _protocol.Ring.Bits);
        if (!_protocol.OutputShift.IsEmpty)
            ShareMessages.Send(channel, choices, _protocol.OutputShift.Bits);
        channel.EndSend();
    }

    public void Keep(MaterialFields fields)
    {
        Powers.Keep(fields);
        Wraps.Keep(fields);
        foreach (ulong[] pads in OutputPads)
            fields.Keep(pads);
        fields.Keep(_outputShare);
    }

    public void Dispose()
    {
        _disposed = true;
        Powers.Dispose();
        Wraps.Dispose();
        foreach (ulong[] pads in OutputPads)
            Array.Clear(pads);
        Array.Clear(_outputShare);
    }

    // The share of the quotient in the place of the share, and E in that of β'.
    private void Divide(Span<ulong> share, Span<ulong> choices)
    {
        SharedShift shift = _protocol.OutputShift;
        ReadOnlySpan<ulong> pads = OutputPads[0], otherPads = OutputPads[1];
        for (int i = 0; i < share.Length; i++)
        {
            // By mask, not by branch: which pad it is tells nothing, as β' is public, but the pads are secret.
            ulong difference = (pads[i] ^ otherPads[i]) & (0 - choices[i]), pad = pads[i] ^ difference, other = otherPads[i] ^ difference;
            choices[i] = (pad - other + shift.FloorSign(share[i])) & shift.WrapMask;
            share[i] = shift.Floor(share[i]) - (shift.Wrap * pad);
        }
    }
}
