using System.Buffers;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>A serialised answer in a pooled buffer, which disposal gives back.</summary>
public sealed class PooledResponse : IDisposable
{
    private readonly int _length;
    private byte[]? _buffer;

    internal PooledResponse(int length)
    {
        _length = length;
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }

    /// <summary>The answer's bytes.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was given back.</exception>
    public ReadOnlySpan<byte> Bytes => Writable.Span;

    internal Memory<byte> Writable
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsMemory(0, _length);
        }
    }

    public void Dispose()
    {
        if (_buffer is null)
            return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}
