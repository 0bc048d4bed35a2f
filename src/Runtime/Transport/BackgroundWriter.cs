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
    private readonly Lock _lock = new();
    private readonly Queue<(byte[] Rented, int Count)> _waiting = new();
    private Task _writing = Task.CompletedTask;
    private bool _isRunning;

    /// <summary>Whether everything has been written; false after a failure.</summary>
    public bool IsIdle => _writing.IsCompletedSuccessfully;

    /// <summary>Copies bytes and returns at once. After a failure they are dropped: <see cref="Wait"/> throws it.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty || _writing.IsFaulted)
            return;
        byte[] rented = ArrayPool<byte>.Shared.Rent(data.Length);
        data.CopyTo(rented);
        lock (_lock)
        {
            _waiting.Enqueue((rented, data.Length));
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
        while (Next() is { } piece)
        {
            write(piece.Rented.AsSpan(0, piece.Count));
            ArrayPool<byte>.Shared.Return(piece.Rented);
        }
    }

    private (byte[] Rented, int Count)? Next()
    {
        lock (_lock)
        {
            if (_waiting.TryDequeue(out (byte[] Rented, int Count) piece))
                return piece;
            _isRunning = false;
            return null;
        }
    }
}
