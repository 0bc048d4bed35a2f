namespace PrivateInference.Runtime.Preprocessing;

/// <summary>An item on its way into a store. Unless it is committed, nothing is left of it.</summary>
internal sealed class PendingItem : IDisposable
{
    private readonly IStoreFiles _files;
    private readonly string _folder;
    private readonly string _partial;
    private readonly IStoreFile _file;
    private bool _committed;

    /// <summary>Writes the material; when this returns, all of it is on the disk, under a name that does not count.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    public PendingItem(IStoreFiles files, StoreKey key, string folder, ItemHeader header, ItemId id, Action<MaterialFields> keep)
    {
        _files = files;
        _folder = folder;
        Id = id;
        _partial = Path.Combine(folder, id + ItemFiles.Partial);
        files.CreateFolder(folder);
        _file = files.Create(_partial);
        try
        {
            using SealedWriter writer = new(_file, key, header);
            keep(writer);
            writer.Complete();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public ItemId Id { get; }

    /// <summary>Makes the item count, durably.</summary>
    /// <exception cref="IOException">The name cannot be given; the item does not count.</exception>
    public void Commit()
    {
        if (!_files.TryRenameToFree(_partial, Path.Combine(_folder, Id + ItemFiles.Item)))
            throw new StoreException($"Stored material {Id} exists already, or was deleted while it was written.");
        _committed = true;
        _files.SyncFolder(_folder);
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_committed)
            _files.Delete(_partial);
    }
}
