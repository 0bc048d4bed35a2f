namespace PrivateInference.Runtime.Preprocessing;

/// <summary>An open file of a store. While it is open, no other process can open it.</summary>
internal interface IStoreFile : IDisposable
{
    long Length { get; }

    void Write(long offset, ReadOnlySpan<byte> bytes);

    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    void Read(long offset, Span<byte> bytes);

    /// <summary>Returns when what was written is on the disk.</summary>
    void Sync();
}
