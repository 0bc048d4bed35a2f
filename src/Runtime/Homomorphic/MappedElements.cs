using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace PrivateInference.Runtime.Homomorphic;

/// <summary>Doubles of a file, mapped for reading. A file that others shorten in place is no longer readable; replace it instead.</summary>
internal sealed unsafe class MappedElements : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly double* _first;

    /// <param name="file">May be closed afterwards.</param>
    /// <param name="offset">Of the first element; a multiple of 4,096.</param>
    /// <param name="bytes">Of all elements; at least one.</param>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public MappedElements(FileStream file, long offset, long bytes)
    {
        _file = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(offset, bytes, MemoryMappedFileAccess.Read);
        byte* first = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref first);
        _first = (double*)(first + _view.PointerOffset);
    }

    /// <summary>Some of the elements; valid until disposal.</summary>
    public ReadOnlyMemory<double> Slice(long start, int length) => new Part(_first + start, length).Memory;

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }

    private sealed class Part(double* first, int length) : MemoryManager<double>
    {
        public override Span<double> GetSpan() => new(first, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(first + elementIndex);

        public override void Unpin()
        {
            // Mapped memory does not move.
        }

        protected override void Dispose(bool disposing)
        {
            // The mapping is the enclosing object's.
        }
    }
}
