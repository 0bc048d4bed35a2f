using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>A party with a key and a disk, on which it opens its store as often as a test likes.</summary>
internal sealed class StoreParty
{
    public const string Folder = "/store";

    public StoreKey Key { get; init; } = StoreKey.Create();

    public MemoryDisk Disk { get; set; } = new();

    /// <summary>The same party with a disk of its own.</summary>
    public StoreParty Copy() => new() { Key = Key, Disk = Disk.Copy() };

    public PreprocessingStore Open(StoreLimits? limits = null, TimeProvider? clock = null)
        => PreprocessingStore.Open(Folder, Key, limits ?? new StoreLimits(), Disk, clock ?? TimeProvider.System);

    /// <summary>Files of unused items.</summary>
    public string[] Items => [.. Disk.Files.Keys.Where(n => n.EndsWith(ItemFiles.Item, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>A binding for tests that store bytes without a session.</summary>
    public static ItemBinding Binding(Party role = Party.Client, byte plan = 1, uint client = 2, uint server = 3)
        => new() { Role = role, PlanHash = [.. Enumerable.Repeat(plan, 32)], Client = client, Server = server };

    /// <summary>Stores bytes as if they were material.</summary>
    public static void Add(PreprocessingStore store, ItemBinding binding, ItemId id, byte[] bytes)
    {
        using PendingItem item = store.Add(binding, id, fields => fields.Keep(bytes));
        item.Commit();
    }

    /// <summary>Takes bytes that were stored.</summary>
    public static byte[]? Take(PreprocessingStore store, ItemBinding binding, ItemId id, int length)
    {
        using ClaimedItem? item = store.TryClaim(binding, id);
        byte[] bytes = new byte[length];
        item?.Read(binding, fields => fields.Keep(bytes));
        return item is null ? null : bytes;
    }
}
