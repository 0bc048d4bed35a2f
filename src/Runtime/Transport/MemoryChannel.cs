namespace PrivateInference.Runtime.Transport;

/// <summary>
/// One end of a channel within the process: two bounded pipes of bytes. When either end is disposed, what it has sent can
/// still be received; after that, and for every send, the other end gets a <see cref="PeerProtocolException"/>.
/// </summary>
public sealed class MemoryChannel : IChannel
{
    private readonly MemoryPipe _outgoing;
    private readonly MemoryPipe _incoming;

    private MemoryChannel(MemoryPipe outgoing, MemoryPipe incoming)
    {
        _outgoing = outgoing;
        _incoming = incoming;
    }

    /// <summary>Two connected ends.</summary>
    /// <param name="capacity">Bytes that may be under way in each direction before a sender blocks.</param>
    /// <param name="timeLimit">How long an end waits for the other; without limit where null.</param>
    public static (MemoryChannel First, MemoryChannel Second) CreatePair(int capacity = 1 << 20, TimeSpan? timeLimit = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        TimeSpan limit = timeLimit ?? Timeout.InfiniteTimeSpan;
        var there = new MemoryPipe(capacity, limit);
        var back = new MemoryPipe(capacity, limit);
        return (new MemoryChannel(there, back), new MemoryChannel(back, there));
    }

    public void Send(ReadOnlySpan<byte> data) => _outgoing.Write(data);

    public void Post(ReadOnlySpan<byte> data) => _outgoing.Append(data);

    public void Flush()
    {
        // Bytes are with the peer as soon as they are sent.
    }

    public void Receive(Span<byte> data) => _incoming.Read(data);

    public void Dispose()
    {
        _outgoing.Close();
        _incoming.Close();
    }
}
