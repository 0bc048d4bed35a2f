namespace PrivateInference.Runtime.Transport;

/// <summary>A first-in-first-out queue of bytes between two threads, of a capacity that only <see cref="Append"/> exceeds.</summary>
internal sealed class MemoryPipe(int capacity, TimeSpan timeLimit)
{
    private readonly object _gate = new();
    private byte[] _ring = new byte[capacity];
    private int _start;
    private int _count;
    private bool _closed;

    public void Write(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            while (!data.IsEmpty)
            {
                while (_count == _ring.Length && !_closed)
                    Wait("read");
                data = data[Put(data)..];
            }
        }
    }

    /// <summary>Makes room where there is too little, instead of waiting for the reader.</summary>
    public void Append(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_ring.Length - _count < data.Length)
                Grow(_count + data.Length);
            while (!data.IsEmpty)
                data = data[Put(data)..];
        }
    }

    public void Read(Span<byte> data)
    {
        lock (_gate)
        {
            while (!data.IsEmpty)
            {
                while (_count == 0 && !_closed)
                    Wait("send");
                if (_count == 0)
                    throw new PeerProtocolException("The channel is closed: the peer went away before it sent everything.");

                int length = Math.Min(data.Length, Math.Min(_count, _ring.Length - _start));
                _ring.AsSpan(_start, length).CopyTo(data);
                data = data[length..];
                _start = (_start + length) % _ring.Length;
                _count -= length;
                Monitor.PulseAll(_gate);
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    // Returns how many bytes there was room for.
    private int Put(ReadOnlySpan<byte> data)
    {
        if (_closed)
            throw new PeerProtocolException("The channel is closed: the peer went away before it read everything.");
        int end = (_start + _count) % _ring.Length;
        int length = Math.Min(data.Length, Math.Min(_ring.Length - _count, _ring.Length - end));
        data[..length].CopyTo(_ring.AsSpan(end));
        _count += length;
        Monitor.PulseAll(_gate);
        return length;
    }

    private void Grow(int needed)
    {
        byte[] ring = new byte[Math.Max(needed, 2 * _ring.Length)];
        int first = Math.Min(_count, _ring.Length - _start);
        _ring.AsSpan(_start, first).CopyTo(ring);
        _ring.AsSpan(0, _count - first).CopyTo(ring.AsSpan(first));
        (_ring, _start) = (ring, 0);
    }

    private void Wait(string action)
    {
        if (!Monitor.Wait(_gate, timeLimit))
            throw new PeerProtocolException($"The peer did not {action} within {timeLimit.TotalSeconds} s.") { TimedOut = true };
    }
}
