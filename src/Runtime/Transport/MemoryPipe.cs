namespace PrivateInference.Runtime.Transport;

/// <summary>A bounded first-in-first-out queue of bytes between two threads.</summary>
internal sealed class MemoryPipe(int capacity, TimeSpan timeLimit)
{
    private readonly byte[] _ring = new byte[capacity];
    private readonly object _gate = new();
    private int _start;
    private int _count;
    private bool _closed;

    public void Write(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            while (!data.IsEmpty)
            {
                while (_count == capacity && !_closed)
                    Wait("read");
                if (_closed)
                    throw new PeerProtocolException("The channel is closed: the peer went away before it read everything.");

                int end = (_start + _count) % capacity;
                int length = Math.Min(data.Length, Math.Min(capacity - _count, capacity - end));
                data[..length].CopyTo(_ring.AsSpan(end));
                data = data[length..];
                _count += length;
                Monitor.PulseAll(_gate);
            }
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

                int length = Math.Min(data.Length, Math.Min(_count, capacity - _start));
                _ring.AsSpan(_start, length).CopyTo(data);
                data = data[length..];
                _start = (_start + length) % capacity;
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

    private void Wait(string action)
    {
        if (!Monitor.Wait(_gate, timeLimit))
            throw new PeerProtocolException($"The peer did not {action} within {timeLimit.TotalSeconds} s.") { TimedOut = true };
    }
}
