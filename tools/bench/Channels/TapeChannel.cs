using PrivateInference.Runtime.Transport;

namespace PrivateInference.Benchmarks.Channels;

/// <summary>Records what is sent, and plays it from the start after each <see cref="Rewind"/>: a receiver's work is measured alone.</summary>
internal sealed class TapeChannel : IChannel
{
    private readonly MemoryStream _tape = new();

    public void Send(ReadOnlySpan<byte> data) => _tape.Write(data);

    public void Post(ReadOnlySpan<byte> data) => Send(data);

    public void Flush()
    {
        // What is sent is on the tape at once.
    }

    public void Receive(Span<byte> data) => _tape.ReadExactly(data);

    public void Rewind() => _tape.Position = 0;

    public void Dispose() => _tape.Dispose();
}
