using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// An item that this process took out of its store and nobody can take again. Its file has another name, and the salt of its key is
/// overwritten, both on the disk before anyone gets to see this object: what a crash or a lost power supply brings back cannot be read.
/// Disposal deletes the file.
/// </summary>
internal sealed class ClaimedItem : IDisposable
{
    private readonly IStoreFiles _files;
    private readonly IStoreFile _file;
    private readonly StoreKey _key;
    private readonly string _path;
    private readonly byte[] _header = new byte[ItemHeader.Size];

    private ClaimedItem(IStoreFiles files, IStoreFile file, StoreKey key, string path, ItemId id)
    {
        _files = files;
        _file = file;
        _key = key;
        _path = path;
        Id = id;
    }

    public ItemId Id { get; }

    /// <summary>Takes an item.</summary>
    /// <returns>Null where it is not there, or another process is taking it.</returns>
    /// <exception cref="IOException">The disk fails; the item is lost.</exception>
    public static ClaimedItem? TryTake(IStoreFiles files, StoreKey key, string folder, ItemId id)
    {
        string path = Path.Combine(folder, id + ItemFiles.Item), claimed = Path.Combine(folder, id + ItemFiles.Claimed);
        IStoreFile? file = files.TryOpen(path);
        if (file is null)
            return null;
        if (!files.TryRename(path, claimed))
        {
            file.Dispose();
            return null;
        }

        ClaimedItem item = new(files, file, key, claimed, id);
        try
        {
            files.SyncFolder(folder);
            item.OverwriteHeader();
            return item;
        }
        catch
        {
            item.Dispose();
            throw;
        }
    }

    /// <summary>Reads the material. Once.</summary>
    /// <param name="binding">What it must belong to.</param>
    /// <param name="keep">Takes it; says also how much it must be.</param>
    /// <exception cref="StoreException">The file is not what its name says, damaged, or encrypted under another key.</exception>
    public void Read(ItemBinding binding, Action<MaterialFields> keep)
    {
        long length = MaterialSize.Of(keep);
        if (ItemHeader.Accept(_header, binding, Id, length, out string objection) is not { } header)
            throw new StoreException($"Stored material {Id} is discarded: {objection}.");
        if (_file.Length != ItemHeader.FileBytes(length))
            throw new StoreException($"Stored material {Id} is discarded: its file has {_file.Length} bytes and not {ItemHeader.FileBytes(length)}.");
        try
        {
            using SealedReader reader = new(_file, _key, header);
            keep(reader);
        }
        catch (Exception e) when (e is AuthenticationTagMismatchException or EndOfStreamException)
        {
            throw new StoreException($"Stored material {Id} is discarded: it is damaged, or was encrypted under another key.", e);
        }
        finally
        {
            Array.Clear(_header);
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _files.Delete(_path);
    }

    private void OverwriteHeader()
    {
        int length = (int)Math.Min(_file.Length, _header.Length);
        _file.Read(0, _header.AsSpan(0, length));
        _file.Write(0, new byte[length]);
        _file.Sync();
    }
}
