using System.Security.Cryptography;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// The 256-bit key under which a party's store is encrypted. Keep its file elsewhere than the store: who has both has the material,
/// and with it the inputs (or the weights) of the inferences that use it.
/// </summary>
public sealed class StoreKey
{
    private const int Size = 32;
    private const UnixFileMode OthersMay = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    private readonly byte[] _key;

    private StoreKey(byte[] key) => _key = key;

    /// <summary>Where the key is when nobody says otherwise: in the user's folder for settings.</summary>
    public static string DefaultPath
        => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "onnx2mpc", "store.key");

    /// <summary>A key that is nowhere but in this process.</summary>
    public static StoreKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Reads the key from a file, which is made, readable by its owner alone, if it does not exist.</summary>
    /// <exception cref="StoreException">The file holds no key, or others may read it.</exception>
    /// <exception cref="IOException">The file can be neither read nor made.</exception>
    public static StoreKey LoadOrCreate(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
            Write(Path.GetFullPath(path));
        return Load(path);
    }

    /// <summary>A key for one purpose.</summary>
    /// <param name="purpose">Its name, and whatever it is bound to.</param>
    /// <param name="salt">Makes it unlike all others of the purpose.</param>
    internal byte[] Derive(ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> salt)
    {
        byte[] derived = new byte[Size];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, derived, salt, purpose);
        return derived;
    }

    private static StoreKey Load(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & OthersMay) != UnixFileMode.None)
            throw new StoreException($"The store's key in {path} can be read by other users; make it private (chmod 600 {path}), or use another.");
        string text = File.ReadAllText(path).Trim();
        if (text.Length != 2 * Size || !text.All(char.IsAsciiHexDigit))
            throw new StoreException($"{path} does not hold a store's key ({2 * Size} hexadecimal digits); name a file that does, or one that does not exist.");
        return new StoreKey(Convert.FromHexString(text));
    }

    // Two processes may do so at once: one key wins, both load it.
    private static void Write(string path)
    {
        LocalFiles files = new();
        string folder = Path.GetDirectoryName(path)!, partial = $"{path}.{Guid.NewGuid():n}.partial";
        files.CreateFolder(folder);
        using (IStoreFile file = files.Create(partial))
        {
            file.Write(0, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Size)).Select(c => (byte)c).Append((byte)'\n').ToArray());
            file.Sync();
        }

        if (!files.TryRenameToFree(partial, path))
            files.Delete(partial);
        files.SyncFolder(folder);
    }
}
