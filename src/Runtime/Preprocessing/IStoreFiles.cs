namespace PrivateInference.Runtime.Preprocessing;

/// <summary>The operations on a local file system from which a store is made; a seam, so that tests can end a process at each of them.</summary>
internal interface IStoreFiles
{
    /// <summary>Makes a folder that only its owner may enter; no matter if it exists.</summary>
    void CreateFolder(string path);

    /// <summary>Makes a new file, held by this process and closed to other users.</summary>
    IStoreFile Create(string path);

    /// <summary>Opens a file and holds it.</summary>
    /// <returns>Null where it does not exist, or another process holds it.</returns>
    IStoreFile? TryOpen(string path);

    /// <summary>Gives a file another name at once, and that name's former file up.</summary>
    /// <returns>False where the file does not exist any more: another process was faster.</returns>
    bool TryRename(string from, string to);

    /// <summary>As <see cref="TryRename"/>, to a name that is free.</summary>
    /// <returns>False where the name is taken.</returns>
    bool TryRenameToFree(string from, string to);

    /// <summary>Deletes a file; no matter if it is gone.</summary>
    void Delete(string path);

    /// <summary>Returns when the names in a folder are on the disk.</summary>
    void SyncFolder(string path);

    /// <summary>The files in a folder, none where it does not exist.</summary>
    IReadOnlyList<StoreEntry> List(string folder);

    /// <summary>The names of the folders in a folder.</summary>
    IReadOnlyList<string> Folders(string folder);

    /// <summary>Bytes that this user may still write.</summary>
    long FreeBytes(string folder);
}
