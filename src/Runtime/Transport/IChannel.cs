namespace PrivateInference.Runtime.Transport;

/// <summary>
/// A reliable, ordered byte stream between two parties. Blocking and buffered; one thread at a time. Protocol primitives
/// see this and nothing else, so they run over memory, over TCP with TLS, or counted, alike.
/// </summary>
public interface IChannel : IDisposable
{
    /// <summary>Queues bytes for the peer; may block when buffers are full.</summary>
    /// <exception cref="PeerProtocolException">The peer is gone or does not read within the time limit.</exception>
    void Send(ReadOnlySpan<byte> data);

    /// <summary>
    /// As <see cref="Send"/>, but never waits for the peer: what buffers do not take is kept in memory and goes out in the background, without
    /// <see cref="Flush"/>. So a party can send while it still has to receive what its peer is sending. A failure shows in a
    /// later call.
    /// </summary>
    void Post(ReadOnlySpan<byte> data);

    /// <summary>Hands everything queued to the network. Receiving flushes first, so that no party waits for its own buffer.</summary>
    /// <exception cref="PeerProtocolException">The peer is gone or does not read within the time limit.</exception>
    void Flush();

    /// <summary>Blocks until <paramref name="data"/> is filled.</summary>
    /// <exception cref="PeerProtocolException">The peer is gone or silent beyond the time limit.</exception>
    void Receive(Span<byte> data);
}
