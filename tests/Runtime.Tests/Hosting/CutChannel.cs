using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>Passes a given number of bytes in each direction; the byte after that does <paramref name="atEnd"/> instead.</summary>
internal sealed class CutChannel(IChannel inner, long sendBytes, long receiveBytes, Action atEnd) : IChannel
{
    private long _sendBytes = sendBytes;
    private long _receiveBytes = receiveBytes;

    public void Send(ReadOnlySpan<byte> data)
    {
        int count = Pass(data.Length);
        inner.Send(data[..count]);
        if (count < data.Length)
            Cut();
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        int count = Pass(data.Length);
        inner.Post(data[..count]);
        if (count < data.Length)
            Cut();
    }

    public void Flush() => inner.Flush();

    public void Receive(Span<byte> data)
    {
        int count = (int)Math.Min(data.Length, _receiveBytes);
        inner.Receive(data[..count]);
        _receiveBytes -= count;
        if (count < data.Length)
            Cut();
    }

    public void Dispose() => inner.Dispose();

    private int Pass(int length)
    {
        int count = (int)Math.Min(length, _sendBytes);
        _sendBytes -= count;
        return count;
    }

    private void Cut()
    {
        inner.Flush();
        atEnd();
        throw new PeerProtocolException("The test has cut the connection.");
    }
}
