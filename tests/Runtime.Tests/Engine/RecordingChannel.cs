using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Keeps a copy of everything that one party sends.</summary>
internal sealed class RecordingChannel(IChannel inner) : IChannel
{
    private readonly MemoryStream _sent = new();

    public byte[] Sent
    {
        get
        {
            lock (_sent)
                return _sent.ToArray();
        }
    }

    public void Send(ReadOnlySpan<byte> data)
    {
        Record(data);
        inner.Send(data);
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        Record(data);
        inner.Post(data);
    }

    public void Flush() => inner.Flush();

    public void Receive(Span<byte> data) => inner.Receive(data);

    public void Dispose() => inner.Dispose();

    private void Record(ReadOnlySpan<byte> data)
    {
        lock (_sent)
            _sent.Write(data);
    }
}
