using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Preprocessing;

/// <summary>
/// A party's prepared inferences, in a folder on a local disk, encrypted. Each can be taken once, by one of the processes that share the
/// folder, and is gone then, whatever happens to that process. A folder is one party's; both roles and many plans may be in it.
/// <para>
/// An item is written under a name that does not count, forced to the disk, and renamed. It is taken by renaming it, and its head is
/// overwritten; both are on the disk before a byte of it is used. What is found half-written or taken when a store is opened, and no
/// process holds, is deleted. Do not restore a store from a copy: what was used would come back.
/// </para>
/// </summary>
public sealed class PreprocessingStore
{
    private readonly IStoreFiles _files;
    private readonly StoreKey _key;
    private readonly TimeProvider _clock;

    private PreprocessingStore(IStoreFiles files, string folder, StoreKey key, StoreLimits limits, TimeProvider clock)
    {
        _files = files;
        _key = key;
        _clock = clock;
        Folder = folder;
        Limits = limits;
        files.CreateFolder(folder);
        SweepFolder(folder);
        Identity = StoreIdentity.OpenOrCreate(files, folder, key);
        foreach (string group in files.Folders(folder))
            SweepFolder(Path.Combine(folder, group));
        DeleteExpired();
    }

    public string Folder { get; }

    public StoreLimits Limits { get; }

    /// <summary>Random and public.</summary>
    internal UInt128 Identity { get; }

    /// <summary>Opens the store in a folder, or makes one.</summary>
    /// <exception cref="StoreException">The store was made with another key.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    /// <exception cref="ArgumentException">The limits make no sense.</exception>
    public static PreprocessingStore Open(string folder, StoreKey key, StoreLimits? limits = null) => Open(folder, key, limits ?? new StoreLimits(), new LocalFiles(), TimeProvider.System);

    /// <summary>What is there, unused.</summary>
    public ImmutableArray<StoredItems> List()
    {
        ImmutableArray<StoredItems>.Builder all = ImmutableArray.CreateBuilder<StoredItems>();
        foreach (string group in _files.Folders(Folder).Order(StringComparer.Ordinal))
        {
            string[] parts = group.Split('-');
            StoreEntry[] items = [.. Entries(group)];
            if (parts.Length == 3 && items.Length > 0)
                all.Add(new StoredItems(parts[0] == "client" ? Party.Client : Party.Server, parts[1], parts[2], items.Length, items.Sum(i => i.Bytes), items.Min(i => i.Written)));
        }

        return all.ToImmutable();
    }

    /// <summary>A client's unused inferences of a plan, with whichever server.</summary>
    public int Count(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        string hash = Convert.ToHexStringLower(plan.Hash.AsSpan()[..ItemId.Size]);
        return List().Where(i => i.Role == Party.Client && i.Plan == hash).Sum(i => i.Count);
    }

    /// <summary>Checks that so many more inferences of a plan fit on this party's disk and within the limits.</summary>
    /// <returns>What one takes on the disk of either party.</returns>
    /// <exception cref="StoreException">They do not.</exception>
    /// <exception cref="PlanFormatException">The plan is not valid.</exception>
    public PartyBytes RequireRoom(ExecutionPlan plan, Party role, int count)
    {
        PartyBytes each = PlanCosts.Stored(plan);
        long bytes = count * (role == Party.Client ? each.ClientBytes : each.ServerBytes), free = _files.FreeBytes(Folder) - Limits.FreeBytes;
        if (bytes > free)
            throw new StoreException($"{count} inferences take {bytes} bytes, and {Math.Max(0, free)} can be used on the disk of {Folder}; prepare fewer, or store them elsewhere.");
        if (bytes > Limits.MaxBytes || count > Limits.MaxItems)
            throw new StoreException($"{count} inferences ({bytes} bytes) are more than the store may hold ({Limits.MaxItems}, {Limits.MaxBytes} bytes).");
        return each;
    }

    internal static PreprocessingStore Open(string folder, StoreKey key, StoreLimits limits, IStoreFiles files, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(key);
        StoreLimits.Require(limits);
        return new PreprocessingStore(files, Path.GetFullPath(folder), key, limits, clock);
    }

    /// <summary>The secret by which a server knows this store's client for a plan.</summary>
    internal byte[] ClientToken(ReadOnlySpan<byte> planHash)
    {
        Span<byte> salt = stackalloc byte[ItemId.Size];
        new ItemId(Identity).Write(salt);
        return _key.Derive([.. "onnx2mpc client of plan "u8, .. planHash], salt);
    }

    /// <summary>The unused items of a binding, the oldest first.</summary>
    internal ImmutableArray<ItemId> Items(ItemBinding binding) => [.. Entries(binding.Folder).OrderBy(e => e.Written).Select(e => ItemFiles.IdOf(e.Name)!.Value)];

    /// <summary>Why one more item of so many bytes is not taken in; null where it is. Deletes what has expired.</summary>
    internal string? Objection(ItemBinding binding, long material)
    {
        DeleteExpired();
        long bytes = ItemHeader.FileBytes(material), used = _files.Folders(Folder).SelectMany(Entries).Sum(e => e.Bytes);
        if (Entries(binding.Folder).Count() >= Limits.MaxItems)
            return $"it holds {Limits.MaxItems} inferences already, its limit";
        if (used + bytes > Limits.MaxBytes)
            return $"an inference takes {bytes} bytes, it holds {used}, and its limit is {Limits.MaxBytes}";
        long free = _files.FreeBytes(Folder);
        return free - bytes < Limits.FreeBytes ? $"an inference takes {bytes} bytes, {free} are free on its disk, and {Limits.FreeBytes} are to stay so" : null;
    }

    /// <summary>Writes an item, which counts when it is committed.</summary>
    /// <exception cref="IOException">The disk is full, or fails.</exception>
    internal PendingItem Add(ItemBinding binding, ItemId id, Action<MaterialFields> keep)
        => new(_files, _key, Path.Combine(Folder, binding.Folder), ItemHeader.Create(binding, id, MaterialSize.Of(keep)), id, keep);

    /// <summary>Takes an item, for good.</summary>
    /// <returns>Null where it is not there.</returns>
    /// <exception cref="IOException">The disk fails; the item is lost.</exception>
    internal ClaimedItem? TryClaim(ItemBinding binding, ItemId id) => ClaimedItem.TryTake(_files, _key, Path.Combine(Folder, binding.Folder), id);

    private IEnumerable<StoreEntry> Entries(string group) => _files.List(Path.Combine(Folder, group)).Where(e => ItemFiles.IdOf(e.Name) is not null);

    // What another process holds is its own business; what nobody holds, nobody will come back for.
    private void SweepFolder(string folder)
    {
        foreach (StoreEntry entry in _files.List(folder).Where(e => ItemFiles.IsLeftOver(e.Name)))
        {
            string path = Path.Combine(folder, entry.Name);
            using IStoreFile? file = _files.TryOpen(path);
            if (file is not null)
                _files.Delete(path);
        }
    }

    private void DeleteExpired()
    {
        DateTimeOffset expired = _clock.GetUtcNow() - Limits.Lifetime;
        foreach (string group in _files.Folders(Folder))
        {
            foreach (StoreEntry entry in Entries(group).Where(e => e.Written < expired))
            {
                string folder = Path.Combine(Folder, group);
                ClaimedItem.TryTake(_files, _key, folder, ItemFiles.IdOf(entry.Name)!.Value)?.Dispose();
            }
        }
    }
}
