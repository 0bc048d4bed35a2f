using System.Buffers;
using System.Runtime.ExceptionServices;

namespace PrivateInference.Runtime.Transport;

/// <summary>
/// Writes in the background, in order, what one thread hands over: that thread can go on to read while its peer does not read yet.
/// Keeps in memory what is not yet written.
/// </summary>
/// <param name="write">Writes a piece; blocks. Called by one thread at a time.</param>
internal sealed class BackgroundWriter(Action<ReadOnlySpan<byte>> write)
{
    private const int KeptCapacity = 1 << 20;

    private readonly Lock _lock = new();
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _spare = new();
    private Task _writing = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Whether everything has been written; false after a failure.</summary>
    public bool IsIdle => _writing.IsCompletedSuccessfully;

    /// <summary>Copies bytes and returns at once. After a failure they are dropped: <see cref="Wait"/> throws it.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || _writing.IsFaulted)
            return;
        lock (_lock)
        {
            _waiting.Write(data);
            if (_isRunning)
                return;
            _isRunning = true;
        }

        _writing = Task.Run(Drain);
    }

    /// <summary>Returns when everything has been written.</summary>
    /// <exception cref="PeerProtocolException">Writing failed.</exception>
    public void Wait()
    {
        try
        {
            _writing.Wait();
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
        }
    }

    private void Drain()
    {
        while (TakeWaiting() is { } taken)
        {
            write(taken.WrittenSpan);
            taken.ResetWrittenCount();
            _spare = taken.Capacity > KeptCapacity ? new ArrayBufferWriter<byte>() : taken;
        }
    }

    // All that has come together while the last was written.
    private ArrayBufferWriter<byte>? TakeWaiting()
    {
        lock (_lock)
        {
            ArrayBufferWriter<byte> taken = _waiting;
            if (taken.WrittenCount > 0)
            {
                _waiting = _spare;
                return taken;
            }

            _isRunning = false;
            return null;
        }
    }
}
