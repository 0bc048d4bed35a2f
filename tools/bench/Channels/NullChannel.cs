using PrivateInference.Runtime.Transport;

namespace PrivateInference.Benchmarks.Channels;

/// <summary>Forgets what is sent, so that a sender's work is measured alone.</summary>
internal sealed class NullChannel : IChannel
{
    public void Send(ReadOnlySpan<byte> data)
    {
        // Nobody listens.
    }

    public void Post(ReadOnlySpan<byte> data) => Send(data);

    public void Flush()
    {
        // Nothing is kept.
    }

    public void Receive(Span<byte> data) => throw new InvalidOperationException("Nothing was sent.");

    public void Dispose()
    {
        // Nothing is held.
    }
}
