using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>Changes one byte of what is sent.</summary>
internal sealed class FlippingChannel(IChannel inner, long position, byte change) : IChannel
{
    private long _sent;

    public void Send(ReadOnlySpan<byte> data) => inner.Send(Changed(data));

    public void Post(ReadOnlySpan<byte> data) => inner.Post(Changed(data));

    public void Flush() => inner.Flush();

    public void Receive(Span<byte> data) => inner.Receive(data);

    public void Dispose() => inner.Dispose();

    private ReadOnlySpan<byte> Changed(ReadOnlySpan<byte> data)
    {
        long offset = position - _sent;
        _sent += data.Length;
        if (offset < 0 || offset >= data.Length)
            return data;
        byte[] changed = data.ToArray();
        changed[offset] ^= change;
        return changed;
    }
}
