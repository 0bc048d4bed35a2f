using System.Diagnostics;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Tests.StoreWorker;

/// <summary>The real file system, on which this process kills itself at the operation with a given number; a write happens by half before.</summary>
internal sealed class DeadlyFiles(int killAt) : IStoreFiles
{
    private readonly LocalFiles _files = new();

    public int Operations { get; private set; }

    public void CreateFolder(string path)
    {
        Count();
        _files.CreateFolder(path);
    }

    public IStoreFile Create(string path)
    {
        Count();
        return new DeadlyFile(this, _files.Create(path));
    }

    public IStoreFile? TryOpen(string path) => _files.TryOpen(path) is { } file ? new DeadlyFile(this, file) : null;

    public bool TryRename(string from, string to)
    {
        Count();
        return _files.TryRename(from, to);
    }

    public bool TryRenameToFree(string from, string to)
    {
        Count();
        return _files.TryRenameToFree(from, to);
    }

    public void Delete(string path)
    {
        Count();
        _files.Delete(path);
    }

    public void SyncFolder(string path)
    {
        Count();
        _files.SyncFolder(path);
    }

    public IReadOnlyList<StoreEntry> List(string folder) => _files.List(folder);

    public IReadOnlyList<string> Folders(string folder) => _files.Folders(folder);

    public long FreeBytes(string folder) => _files.FreeBytes(folder);

    private void Count(Action? last = null)
    {
        if (++Operations != killAt)
            return;
        last?.Invoke();
        Process.GetCurrentProcess().Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    private sealed class DeadlyFile(DeadlyFiles files, IStoreFile file) : IStoreFile
    {
        public long Length => file.Length;

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            byte[] half = bytes[..(bytes.Length / 2)].ToArray();
            files.Count(() => file.Write(offset, half));
            file.Write(offset, bytes);
        }

        public void Read(long offset, Span<byte> bytes) => file.Read(offset, bytes);

        public void Sync()
        {
            files.Count();
            file.Sync();
        }

        public void Dispose() => file.Dispose();
    }
}
