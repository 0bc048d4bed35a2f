namespace PrivateInference.Runtime.Preprocessing;

/// <summary>A file on a local disk.</summary>
internal sealed class LocalFile(FileStream stream) : IStoreFile
{
    public long Length => stream.Length;

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(stream.SafeFileHandle, bytes, offset);

    public void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(stream.SafeFileHandle, bytes, offset);
            if (count == 0)
                throw new EndOfStreamException();
            bytes = bytes[count..];
            offset += count;
        }
    }

    public void Sync() => RandomAccess.FlushToDisk(stream.SafeFileHandle);

    public void Dispose() => stream.Dispose();
}
