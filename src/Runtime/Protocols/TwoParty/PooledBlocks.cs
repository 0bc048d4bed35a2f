using System.Buffers;
using PrivateInference.Runtime.Randomness;

namespace PrivateInference.Runtime.Protocols.TwoParty;

/// <summary>
/// Wire labels in a pooled buffer. They are the largest arrays of an inference; allocated anew, they would let the heap grow
/// by several times their size before it is collected. Disposal clears the buffer and gives it back.
/// </summary>
internal sealed class PooledBlocks(int count) : IDisposable
{
    private Block[]? _buffer = ArrayPool<Block>.Shared.Rent(count);

    /// <exception cref="ObjectDisposedException">The buffer was given back.</exception>
    public Span<Block> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_buffer is null, this);
            return _buffer.AsSpan(0, count);
        }
    }

    public void Dispose()
    {
        if (_buffer is null)
            return;
        Span.Clear();
        ArrayPool<Block>.Shared.Return(_buffer);
        _buffer = null;
    }
}
