using System.Globalization;
using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>The public random identity of a store, in a file of its own with a check that the store's key is the one it was made with.</summary>
internal static class StoreIdentity
{
    private const string Name = "store.id";
    private const int CheckSize = 32;

    /// <summary>Reads a store's identity, or gives it one.</summary>
    /// <exception cref="StoreException">The key is another, or the file is damaged.</exception>
    public static UInt128 OpenOrCreate(IStoreFiles files, string folder, StoreKey key)
    {
        string path = Path.Combine(folder, Name);
        IStoreFile? file = files.TryOpen(path);
        if (file is null && files.List(folder).All(entry => entry.Name != Name))
        {
            Create(files, folder, path, key);
            file = files.TryOpen(path);
        }

        for (int attempt = 0; file is null && attempt < 100; attempt++)
        {
            // Another process reads it, which does not take long.
            Thread.Sleep(20);
            file = files.TryOpen(path);
        }

        using (file)
            return Read(file ?? throw new StoreException($"The store's identity, {path}, cannot be opened."), path, key);
    }

    private static UInt128 Read(IStoreFile file, string path, StoreKey key)
    {
        byte[] bytes = new byte[ItemId.Size + CheckSize];
        if (file.Length != bytes.Length)
            throw new StoreException($"The store's identity, {path}, is damaged. Its items cannot be used; delete the store.");
        file.Read(0, bytes);
        ReadOnlySpan<byte> id = bytes.AsSpan(0, ItemId.Size);
        return CryptographicOperations.FixedTimeEquals(Check(key, id), bytes.AsSpan(ItemId.Size))
            ? ItemId.Read(id).Value
            : throw new StoreException($"The store in {Path.GetDirectoryName(path)} was made with another key; name the key's file that it was made with (--store-key FILE).");
    }

    private static void Create(IStoreFiles files, string folder, string path, StoreKey key)
    {
        byte[] id = RandomNumberGenerator.GetBytes(ItemId.Size);
        string partial = Path.Combine(folder, ItemId.Read(id).Value.ToString("x32", CultureInfo.InvariantCulture) + ItemFiles.Partial);
        using (IStoreFile file = files.Create(partial))
        {
            file.Write(0, [.. id, .. Check(key, id)]);
            file.Sync();

            // Whoever comes second keeps the first one's.
            if (!files.TryRenameToFree(partial, path))
                files.Delete(partial);
        }

        files.SyncFolder(folder);
    }

    private static byte[] Check(StoreKey key, ReadOnlySpan<byte> id) => key.Derive("onnx2mpc store check"u8, id);
}
