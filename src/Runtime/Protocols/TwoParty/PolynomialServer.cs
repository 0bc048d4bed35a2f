using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// The server's material for one inference of a <see cref="PolynomialProtocol"/>, and how it is used online, once. What fills it
/// decides where material comes from; see <see cref="PolynomialTransferServer"/>.
/// </summary>
internal sealed class PolynomialServer : IDisposable
{
    private readonly PolynomialProtocol _protocol;
    private bool _disposed;

    public PolynomialServer(PolynomialProtocol protocol)
    {
        _protocol = protocol;
        Powers = new PowerShares(protocol);
        Wraps = new WrapShares(protocol);
        InputChoices = new ulong[protocol.InputShift.Wraps ? protocol.Count : 0];
        OutputChoices = new ulong[protocol.OutputShift.Wraps ? protocol.Count : 0];
        OutputProducts = new ulong[OutputChoices.Length];
    }

    /// <summary>Shares of u, …: u's is t.</summary>
    public PowerShares Powers { get; }

    /// <summary>Shares of γ·u^j and τγ·u^j.</summary>
    public WrapShares Wraps { get; }

    /// <summary>τ.</summary>
    public ulong[] InputChoices { get; }

    /// <summary>τ'.</summary>
    public ulong[] OutputChoices { get; }

    /// <summary>Shares of ρτ'.</summary>
    public ulong[] OutputProducts { get; }

    /// <summary>Online: from its share of x to its share y − r of the output; clears the material.</summary>
    public void Run(MessageChannel channel, ReadOnlySpan<ulong> inputShare, Span<ulong> outputShare)
    {
        // Two openings with one t would reveal the difference of two inputs.
        ObjectDisposedException.ThrowIf(_disposed, this);
        ulong[] opened = new ulong[_protocol.Count], signs = new ulong[InputChoices.Length], share = new ulong[_protocol.Count];
        for (int i = 0; i < opened.Length; i++)
            opened[i] = _protocol.InputShift.Ceiling(inputShare[i]);
        for (int i = 0; i < signs.Length; i++)
            signs[i] = _protocol.InputShift.CeilingSign(inputShare[i]) ^ InputChoices[i];
        _protocol.PowerRing.Subtract(opened, Powers[1], opened);
        if (_protocol.OutputShift.Wraps)
            RunWrapped(channel, opened, signs, share, outputShare);
        else
            RunUnwrapped(channel, opened, signs, share, outputShare);
        Dispose();
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

    // Evaluates while the client does.
    private void RunUnwrapped(MessageChannel channel, ulong[] opened, ulong[] signs, ulong[] share, Span<ulong> outputShare)
    {
        SendOpening(channel, opened, signs, []);
        Evaluate(opened, signs, share);
        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        channel.EndReceive();
        for (int i = 0; i < share.Length; i++)
            outputShare[i] = (outputShare[i] + _protocol.OutputShift.Ceiling(share[i])) & _protocol.Ring.Mask;
    }

    private void RunWrapped(MessageChannel channel, ulong[] opened, ulong[] signs, ulong[] share, Span<ulong> outputShare)
    {
        SharedShift shift = _protocol.OutputShift;
        Evaluate(opened, signs, share);
        ulong[] wraps = new ulong[share.Length], theirs = new ulong[share.Length];
        for (int i = 0; i < wraps.Length; i++)
            wraps[i] = shift.CeilingSign(share[i]) ^ OutputChoices[i];
        SendOpening(channel, opened, signs, wraps);

        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        ShareMessages.Receive(channel, theirs, 1);
        channel.EndReceive();
        for (int i = 0; i < share.Length; i++)
        {
            ulong product = (theirs[i] * shift.CeilingSign(share[i])) + ((1 - (2 * theirs[i])) * (1 - (2 * wraps[i])) * OutputProducts[i]);
            outputShare[i] = (outputShare[i] + shift.Ceiling(share[i]) + (shift.Wrap * product)) & _protocol.Ring.Mask;
        }
    }

    private void Evaluate(ulong[] opened, ulong[] signs, ulong[] share)
    {
        Powers.Evaluate(opened, constant: 1, share);
        Wraps.AddTo(opened, signs, share);
    }

    private void SendOpening(MessageChannel channel, ReadOnlySpan<ulong> opened, ReadOnlySpan<ulong> signs, ReadOnlySpan<ulong> wraps)
    {
        channel.BeginSend(MessageKind.Step, _protocol.Opening);
        ShareMessages.Send(channel, opened, _protocol.PowerRing.Bits);
        if (!signs.IsEmpty)
            ShareMessages.Send(channel, signs, 1);
        if (!wraps.IsEmpty)
            ShareMessages.Send(channel, wraps, 1);
        channel.EndSend();
    }
}
