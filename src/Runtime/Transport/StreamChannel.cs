using System.Diagnostics;
using System.Net.Sockets;

namespace PrivateInference.Runtime.Transport;

/// <summary>A channel over a duplex stream, with buffers on both sides. The stream's own timeouts bound every call.</summary>
public sealed class StreamChannel : IChannel
{
    private const int BufferSize = 1 << 16;

    private readonly Stream _stream;
    private readonly string _peerName;
    private readonly BackgroundWriter _background;
    private readonly byte[] _outgoing = new byte[BufferSize];
    private readonly byte[] _incoming = new byte[BufferSize];
    private int _queued;
    private int _read;
    private int _available;

    /// <param name="stream">It is owned. One thread may read while another writes.</param>
    /// <param name="peerName">What messages call the peer.</param>
    public StreamChannel(Stream stream, string peerName)
    {
        _stream = stream;
        _peerName = peerName;
        _background = new BackgroundWriter(Write);
    }

    public void Send(ReadOnlySpan<byte> data)
    {
        if (data.Length >= BufferSize)
        {
            Flush();
            Write(data);
            return;
        }

        if (data.Length > BufferSize - _queued)
            Flush();
        data.CopyTo(_outgoing.AsSpan(_queued));
        _queued += data.Length;
    }

    public void Post(ReadOnlySpan<byte> data)
    {
        _background.Add(TakeQueued());
        _background.Add(data);
    }

    public void Flush()
    {
        _background.Wait();
        Write(TakeQueued());
    }

    public void Receive(Span<byte> data)
    {
        // The peer may have to send before it reads what is still being written.
        if (_background.IsIdle)
            Flush();
        else
            Post([]);
        while (!data.IsEmpty)
        {
            if (_read == _available)
            {
                // Large reads go straight to the caller's buffer.
                if (data.Length >= BufferSize)
                {
                    data = data[Read(data)..];
                    continue;
                }

                _read = 0;
                _available = 0;
                _available = Read(_incoming);
            }

            int count = Math.Min(data.Length, _available - _read);
            _incoming.AsSpan(_read, count).CopyTo(data);
            _read += count;
            data = data[count..];
        }
    }

    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> TakeQueued()
    {
        ReadOnlySpan<byte> queued = _outgoing.AsSpan(0, _queued);
        _queued = 0;
        return queued;
    }

    // A stream's timeout covers a whole call; in pieces it bounds the peer's pauses, whatever the message's size.
    private void Write(ReadOnlySpan<byte> data)
    {
        for (; !data.IsEmpty; data = data[Math.Min(BufferSize, data.Length)..])
            WritePiece(data[..Math.Min(BufferSize, data.Length)]);
    }

    private void WritePiece(ReadOnlySpan<byte> data)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            _stream.Write(data);
            _stream.Flush();
        }
        catch (Exception e) when (IsTimeout(e) && HasPassed(started, _stream.WriteTimeout))
        {
            throw new PeerProtocolException($"The {_peerName} did not read for {_stream.WriteTimeout / 1000.0:0.#} s; the session is over.", e) { TimedOut = true };
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            throw new PeerProtocolException($"The connection to the {_peerName} was lost while sending.", e);
        }
    }

    private int Read(Span<byte> destination)
    {
        long started = Stopwatch.GetTimestamp();
        int count;
        try
        {
            count = _stream.Read(destination);
        }
        catch (Exception e) when (IsTimeout(e) && HasPassed(started, _stream.ReadTimeout))
        {
            throw new PeerProtocolException($"The {_peerName} sent nothing for {_stream.ReadTimeout / 1000.0:0.#} s; the session is over.", e) { TimedOut = true };
        }
        catch (Exception e) when (IsConnectionFailure(e))
        {
            throw new PeerProtocolException($"The connection to the {_peerName} was lost while receiving.", e);
        }

        return count > 0 ? count : throw new PeerProtocolException($"The {_peerName} closed the connection in the middle of the session.");
    }

    private static bool IsConnectionFailure(Exception e) => e is IOException or SocketException or ObjectDisposedException or InvalidOperationException;

    private static bool IsTimeout(Exception e)
        => e is SocketException { SocketErrorCode: SocketError.TimedOut or SocketError.WouldBlock }
            || (e.InnerException is { } inner && IsTimeout(inner));

    // On Linux a send that a reset interrupts reports a timeout, too, only much earlier.
    private static bool HasPassed(long started, int milliseconds)
        => milliseconds > 0 && Stopwatch.GetElapsedTime(started).TotalMilliseconds >= milliseconds / 2.0;
}
