using System.Globalization;
using System.Text;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport;

/// <summary>
/// Messages over a byte channel: a header, then exactly the announced payload. Keeps framing apart from protocol: between
/// <c>Begin…</c> and <c>End…</c> a protocol primitive streams its bytes through <see cref="IChannel"/> without knowing of
/// messages. Every message is metered.
/// </summary>
public sealed class MessageChannel(IChannel channel, Party self, Party peer) : IChannel
{
    private const int MaxErrorBytes = 1024;

    private OpenMessage _outgoing;
    private OpenMessage _incoming;
    private bool _isPosted;
    private bool _isHeaderDue;

    public MessageMeter Meter { get; } = new();

    public Party Peer => peer;

    public void BeginSend(MessageKind kind, Phase phase, int step, long length)
    {
        RequireIdle(_incoming);
        Begin(new MessageHeader(kind, phase, step, length), isPosted: false);
    }

    /// <summary>Begins a message of the plan.</summary>
    public void BeginSend(MessageKind kind, PlannedMessage message)
        => BeginSend(kind, message.Cost.Phase, message.StepIndex, message.Cost.Bytes - MessageHeader.Size);

    /// <summary>
    /// Begins a message of the plan while the peer may still be sending one: no byte of it waits for the peer, so that the party can go
    /// on to receive; see <see cref="IChannel.Post"/>. The header goes with the first bytes.
    /// </summary>
    public void BeginPost(MessageKind kind, PlannedMessage message)
        => Begin(new MessageHeader(kind, message.Cost.Phase, message.StepIndex, message.Cost.Bytes - MessageHeader.Size), isPosted: true);

    /// <summary>Ends the message and hands it to the network.</summary>
    /// <exception cref="InvalidOperationException">The protocol did not send what it announced.</exception>
    public void EndSend()
    {
        _outgoing.End();
        Record(_outgoing, self);
        DeliverHeader();
        if (!_isPosted)
            Flush();
    }

    /// <summary>Waits for the next message, whatever it is. The caller checks kind and length before it reads on.</summary>
    public MessageHeader BeginReceiveAny()
    {
        RequireIdle(_incoming);
        RequireIdle(_outgoing);
        Span<byte> bytes = stackalloc byte[MessageHeader.Size];
        channel.Receive(bytes);
        MessageHeader header = MessageHeader.Read(bytes);
        if (header.Kind == MessageKind.Error)
            throw ReadError(header);
        _incoming.Begin(header);
        return header;
    }

    /// <summary>Waits for a message that the plan foretells.</summary>
    /// <exception cref="PeerProtocolException">The peer sent another message, or one of another length.</exception>
    public void BeginReceive(MessageKind kind, Phase phase, int step, long length)
    {
        MessageHeader received = BeginReceiveAny();
        MessageHeader expected = new(kind, phase, step, length);
        if (received != expected)
            throw new PeerProtocolException($"The {Name(peer)} sent a {received} where the plan foresees a {expected}.");
    }

    /// <inheritdoc cref="BeginReceive(MessageKind, Phase, int, long)"/>
    public void BeginReceive(MessageKind kind, PlannedMessage message)
        => BeginReceive(kind, message.Cost.Phase, message.StepIndex, message.Cost.Bytes - MessageHeader.Size);

    /// <exception cref="InvalidOperationException">The protocol did not read the whole message.</exception>
    public void EndReceive()
    {
        _incoming.End();
        Record(_incoming, peer);
    }

    public void Send(ReadOnlySpan<byte> data)
    {
        _outgoing.Move(data.Length);
        DeliverHeader();
        Deliver(data);
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        _outgoing.Move(data.Length);
        DeliverHeader();
        channel.Post(data);
    }

    public void Receive(Span<byte> data)
    {
        _incoming.Move(data.Length);
        channel.Receive(data);
    }

    public void Flush()
    {
        try
        {
            channel.Flush();
        }
        catch (PeerProtocolException e) when (!e.TimedOut)
        {
            throw ReasonOfPeer(e);
        }
    }

    /// <summary>Tells the peer why the session ends; fails silently, since the connection may be what failed.</summary>
    public void TrySendError(string reason)
    {
        byte[] text = Encoding.UTF8.GetBytes(reason);
        int length = Math.Min(text.Length, MaxErrorBytes);
        byte[] message = new byte[MessageHeader.Size + length];
        new MessageHeader(MessageKind.Error, Phase.Offline, PlannedMessage.Session, length).Write(message);
        text.AsSpan(0, length).CopyTo(message.AsSpan(MessageHeader.Size));
        try
        {
            // In the middle of a message the peer would take these bytes for payload.
            if (!_outgoing.IsOpen)
                channel.Send(message);
            channel.Flush();
        }
        catch (PeerProtocolException)
        {
            // The peer is gone: there is nobody to tell.
        }
    }

    /// <summary>Says that there are no more requests, if the connection still allows it.</summary>
    public void TrySendGoodbye()
    {
        try
        {
            BeginSend(MessageKind.Goodbye, Phase.Offline, PlannedMessage.Session, 0);
            EndSend();
        }
        catch (Exception e) when (e is PeerProtocolException or InvalidOperationException or ObjectDisposedException)
        {
            // The connection has failed before, or a message is unfinished; closing it says it all.
        }
    }

    public void Dispose() => channel.Dispose();

    private void Deliver(ReadOnlySpan<byte> data)
    {
        try
        {
            if (_isPosted)
                channel.Post(data);
            else
                channel.Send(data);
        }
        catch (PeerProtocolException e) when (!e.TimedOut)
        {
            throw ReasonOfPeer(e);
        }
    }

    // A peer that ends the session says why and closes. If that happens while this party sends, the reason is still unread.
    private PeerProtocolException ReasonOfPeer(PeerProtocolException failure)
    {
        if (_incoming.IsOpen)
            return failure;
        Span<byte> bytes = stackalloc byte[MessageHeader.Size];
        try
        {
            channel.Receive(bytes);
            MessageHeader header = MessageHeader.Read(bytes);
            return header.Kind == MessageKind.Error ? ReadError(header) : failure;
        }
        catch (PeerProtocolException)
        {
            return failure;
        }
    }

    private PeerProtocolException ReadError(MessageHeader header)
    {
        if (header.Length is < 0 or > MaxErrorBytes)
            return new PeerProtocolException($"The {Name(peer)} ended the session with an oversized error message.");
        byte[] text = new byte[header.Length];
        channel.Receive(text);
        string reason = new([.. Encoding.UTF8.GetString(text).Select(c => IsPrintable(c) ? c : ' ')]);
        return new PeerProtocolException($"The {Name(peer)} ended the session: {reason}");
    }

    // The text ends up on terminals and in logs: no escape sequences, line breaks or changes of direction.
    private static bool IsPrintable(char c) => char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private void Begin(MessageHeader header, bool isPosted)
    {
        RequireIdle(_outgoing);
        _isPosted = isPosted;
        _isHeaderDue = true;
        _outgoing.Begin(header);
        if (!isPosted)
            DeliverHeader();
    }

    private void DeliverHeader()
    {
        if (!_isHeaderDue)
            return;
        _isHeaderDue = false;
        Span<byte> bytes = stackalloc byte[MessageHeader.Size];
        _outgoing.Header.Write(bytes);
        Deliver(bytes);
    }

    private void Record(OpenMessage message, Party sender)
        => Meter.Record(PlannedMessage.Create(message.Header.Step, message.Header.Phase, sender, message.Header.Length));

    private static void RequireIdle(OpenMessage message)
    {
        if (message.IsOpen)
            throw new InvalidOperationException($"The {message.Header} is not finished.");
    }

    /// <summary>What a message calls a party.</summary>
    internal static string Name(Party party) => party switch
    {
        Party.Client => "client",
        Party.Server => "server",
        Party.Helper => "dealer",
        _ => throw new ArgumentOutOfRangeException(nameof(party), party, message: null),
    };
}
