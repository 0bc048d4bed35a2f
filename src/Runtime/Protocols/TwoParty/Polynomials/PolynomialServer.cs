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
        TWord[] share = new TWord[_protocol.Count], opened = new TWord[_protocol.Count];
        ulong[] signs = new ulong[InputChoices.Length], wraps = new ulong[OutputChoices.Length];
        channel.BeginSend(MessageKind.Step, _protocol.Opening);
        foreach (Range piece in ShareMessages.Pieces(_protocol.Count))
        {
            int start = piece.Start.Value;
            Span<ulong> pieceSigns = Piece(signs, piece), pieceWraps = Piece(wraps, piece);
            Open(start, inputShare.AsSpan(piece), opened.AsSpan(piece), pieceSigns);
            Evaluate(start, opened.AsSpan(piece), pieceSigns, share.AsSpan(piece));
            OutputWraps(start, share.AsSpan(piece), pieceWraps);
            ShareMessages.Send<ulong>(channel, pieceSigns, 1);
            ShareMessages.Send<ulong>(channel, pieceWraps, 1);
            ShareMessages.Send<TWord>(channel, opened.AsSpan(piece), _protocol.PowerBits);
        }

        channel.EndSend();
        yield return _protocol.Opening;
        ReceiveAnswer(channel, share, wraps, outputShare);
        Dispose();
        yield return _protocol.Shares;
    }

    /// <summary>δ and β of its share of x.</summary>
    public (TWord[] Opened, ulong[] Signs) Open(ReadOnlySpan<ulong> inputShare)
    {
        TWord[] opened = new TWord[_protocol.Count];
        ulong[] signs = new ulong[InputChoices.Length];
        Open(0, inputShare, opened, signs);
        return (opened, signs);
    }

    /// <summary>Its share of p(x/2^f).</summary>
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
        Powers.Identity(opened, constant: TWord.One, share);
        Wraps.AddWrap(signs, share);
        return share;
    }

    /// <summary>β' of its share of the undivided result; empty where the halves lack no wrap.</summary>
    public ulong[] OutputWraps(ReadOnlySpan<TWord> share)
    {
        ulong[] wraps = new ulong[OutputChoices.Length];
        OutputWraps(0, share, wraps);
        return wraps;
    }

    /// <summary>Receives the client's answer, and adds its own share of the result, divided.</summary>
    /// <param name="channel">From the client.</param>
    /// <param name="share">Its share of the undivided result.</param>
    /// <param name="wraps">β'.</param>
    /// <param name="outputShare">Receives y − r.</param>
    public void ReceiveAnswer(MessageChannel channel, ReadOnlySpan<TWord> share, ReadOnlySpan<ulong> wraps, Span<ulong> outputShare)
    {
        channel.BeginReceive(MessageKind.Step, _protocol.Shares);
        foreach (Range piece in ShareMessages.Pieces(_protocol.Count))
            ReceiveAnswer(channel, piece.Start.Value, share[piece], Piece(wraps, piece), outputShare[piece]);
        channel.EndReceive();
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

    // Of consecutive elements, as all below.
    private void Open(int start, ReadOnlySpan<ulong> inputShare, Span<TWord> opened, Span<ulong> signs)
    {
        SharedShift shift = _protocol.InputShift;
        for (int i = 0; i < opened.Length; i++)
            opened[i] = shift.Ceiling<ulong, TWord>(inputShare[i]);
        for (int i = 0; i < signs.Length; i++)
            signs[i] = shift.CeilingSign(inputShare[i]) ^ InputChoices[start + i];
        Words.Subtract<TWord>(opened, Powers[1].AsSpan(start, opened.Length), opened, _protocol.PowerBits);
    }

    private void Evaluate(int start, ReadOnlySpan<TWord> opened, ReadOnlySpan<ulong> signs, Span<TWord> share)
    {
        Powers.Evaluate(start, opened, constant: TWord.One, share);
        Wraps.AddTo(start, opened, signs, share);
    }

    private void OutputWraps(int start, ReadOnlySpan<TWord> share, Span<ulong> wraps)
    {
        for (int i = 0; i < wraps.Length; i++)
            wraps[i] = _protocol.OutputShift.CeilingSign(share[i]) ^ OutputChoices[start + i];
    }

    private void ReceiveAnswer(MessageChannel channel, int start, ReadOnlySpan<TWord> share, ReadOnlySpan<ulong> wraps, Span<ulong> outputShare)
    {
        ulong[] theirs = new ulong[wraps.Length];
        ShareMessages.Receive(channel, outputShare, _protocol.Ring.Bits);
        ShareMessages.Receive<ulong>(channel, theirs, 1);
        AddUnwrapped(share, outputShare);
        SharedShift shift = _protocol.OutputShift;
        for (int i = 0; i < theirs.Length; i++)
        {
            ulong product = (theirs[i] * shift.CeilingSign(share[i])) + ((1 - (2 * theirs[i])) * (1 - (2 * wraps[i])) * OutputProducts[start + i]);
            outputShare[i] = (outputShare[i] + (shift.Wrap<ulong>() * product)) & _protocol.Ring.Mask;
        }
    }

    // There may be no bits.
    private static Span<ulong> Piece(ulong[] bits, Range piece) => bits.Length == 0 ? [] : bits.AsSpan(piece);

    private static ReadOnlySpan<ulong> Piece(ReadOnlySpan<ulong> bits, Range piece) => bits.IsEmpty ? bits : bits[piece];
}
