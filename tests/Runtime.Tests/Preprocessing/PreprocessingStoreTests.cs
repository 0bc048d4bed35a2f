using System.Collections.Concurrent;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Tests.Preprocessing;

public sealed class PreprocessingStoreTests
{
    private static readonly ItemBinding s_binding = StoreParty.Binding();
    private static readonly ItemId s_id = new(77);

    private readonly StoreParty _party = new();

    public static TheoryData<int> Sizes => [0, 1, 100, ItemHeader.PieceBytes - 1, ItemHeader.PieceBytes, ItemHeader.PieceBytes + 1, (2 * ItemHeader.PieceBytes) + 3];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void What_is_stored_comes_back_once(int size)
    {
        byte[] bytes = Material(size);
        PreprocessingStore store = _party.Open();
        StoreParty.Add(store, s_binding, s_id, bytes);
        Assert.Equal(ItemHeader.FileBytes(size), _party.Disk.Files[Assert.Single(_party.Items)].Content.Length);
        Assert.Equal(bytes, StoreParty.Take(_party.Open(), s_binding, s_id, size));
        Assert.Null(StoreParty.Take(store, s_binding, s_id, size));
        Assert.DoesNotContain(_party.Disk.Files.Keys, n => n.Contains(s_id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Nothing_of_the_material_is_readable_on_the_disk_and_equal_material_looks_different()
    {
        byte[] bytes = new byte[1000];
        PreprocessingStore store = _party.Open();
        StoreParty.Add(store, s_binding, s_id, bytes);
        StoreParty.Add(store, s_binding, new ItemId(78), bytes);
        byte[][] files = [.. _party.Items.Select(i => _party.Disk.Files[i].Content[ItemHeader.Size..])];
        Assert.NotEqual(files[0], files[1]);
        Assert.All(files, f => Assert.True(f.Count(b => b == 0) < 50));
    }

    [Fact]
    public void A_change_anywhere_in_the_file_is_found()
    {
        int length = (int)ItemHeader.FileBytes(40);
        for (int place = 0; place < length; place++)
            RequireDiscarded(40, content => content[place] ^= 1);
    }

    [Fact]
    public void A_file_that_was_cut_or_grew_is_refused()
    {
        RequireDiscarded(40, resize: -1);
        RequireDiscarded(40, resize: 1);
        RequireDiscarded(40, resize: -(int)ItemHeader.FileBytes(40));
        RequireDiscarded(ItemHeader.PieceBytes + 40, resize: -40 - ItemHeader.TagBytes);
    }

    [Fact]
    public void Pieces_in_another_order_are_refused()
    {
        const int piece = ItemHeader.PieceBytes + ItemHeader.TagBytes;
        RequireDiscarded(2 * ItemHeader.PieceBytes, content =>
        {
            byte[] first = content[ItemHeader.Size..(ItemHeader.Size + piece)];
            content.AsSpan(ItemHeader.Size + piece).CopyTo(content.AsSpan(ItemHeader.Size));
            first.CopyTo(content, ItemHeader.Size + piece);
        });
    }

    [Fact]
    public void A_file_under_the_name_of_another_item_plan_party_or_role_is_refused()
    {
        foreach (ItemBinding other in new[] { StoreParty.Binding(plan: 9), StoreParty.Binding(client: 9), StoreParty.Binding(server: 9), StoreParty.Binding(Party.Server) })
            RequireSwapRefused(other, s_id);
        RequireSwapRefused(s_binding, new ItemId(78));
    }

    [Fact]
    public void Another_key_is_refused_before_anything_is_touched()
    {
        StoreParty.Add(_party.Open(), s_binding, s_id, Material(10));
        StoreException failure = Assert.Throws<StoreException>(() => PreprocessingStore.Open(StoreParty.Folder, StoreKey.Create(), new StoreLimits(), _party.Disk, TimeProvider.System));
        Assert.Contains("another key", failure.Message, StringComparison.Ordinal);
        Assert.Single(_party.Items);
    }

    [Fact]
    public void What_is_committed_survives_a_power_failure()
    {
        StoreParty.Add(_party.Open(), s_binding, s_id, Material(100));
        _party.Disk = _party.Disk.Restart(lossy: true);
        Assert.Equal(Material(100), StoreParty.Take(_party.Open(), s_binding, s_id, 100));
    }

    [Fact]
    public void That_an_item_was_taken_is_on_the_disk_before_it_is_read()
    {
        StoreParty.Add(_party.Open(), s_binding, s_id, Material(100));
        using ClaimedItem item = _party.Open().TryClaim(s_binding, s_id)!;
        MemoryDisk after = _party.Disk.Restart(lossy: true);
        Assert.Empty(_party.Disk.Reads);
        MemoryDisk.Node left = Assert.Single(after.Files, f => f.Key.Contains(s_id.ToString(), StringComparison.Ordinal)).Value;
        Assert.DoesNotContain(after.Files.Keys, n => n.EndsWith(ItemFiles.Item, StringComparison.Ordinal));
        Assert.All(left.Durable[..ItemHeader.Size], b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_item_goes_to_one_of_many_who_claim_it(bool onRealDisk)
    {
        const int items = 50, claimers = 8;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("onnx2mpc-store-");
        PreprocessingStore[] stores = [.. Enumerable.Range(0, claimers).Select(_ => onRealDisk ? PreprocessingStore.Open(folder.FullName, _party.Key) : _party.Open())];
        for (uint i = 0; i < items; i++)
            StoreParty.Add(stores[0], s_binding, new ItemId(i), Material(5));
        ConcurrentQueue<ItemId> taken = [];
        Parallel.ForEach(stores, new ParallelOptions { MaxDegreeOfParallelism = claimers }, store =>
        {
            foreach (ItemId id in store.Items(s_binding))
            {
                if (StoreParty.Take(store, s_binding, id, 5) is not null)
                    taken.Enqueue(id);
            }
        });
        Assert.Equal(items, taken.Count);
        Assert.Equal(items, taken.Distinct().Count());
        folder.Delete(recursive: true);
    }

    [Fact]
    public void What_was_taken_or_half_written_is_deleted_when_the_store_is_opened()
    {
        PreprocessingStore store = _party.Open();
        StoreParty.Add(store, s_binding, s_id, Material(5));
        string item = Assert.Single(_party.Items), folder = Path.GetDirectoryName(item)!;
        _party.Disk.Files[Path.Combine(folder, new ItemId(1) + ItemFiles.Claimed)] = new MemoryDisk.Node([1, 2, 3], DateTimeOffset.UnixEpoch);
        _party.Disk.Files[Path.Combine(folder, new ItemId(2) + ItemFiles.Partial)] = new MemoryDisk.Node([1, 2, 3], DateTimeOffset.UnixEpoch);
        _party.Open();
        Assert.Equal(item, Assert.Single(_party.Disk.Files.Keys, n => Path.GetDirectoryName(n) == folder));
    }

    [Fact]
    public void What_another_process_is_writing_or_using_is_left_alone()
    {
        PreprocessingStore store = _party.Open();
        StoreParty.Add(store, s_binding, s_id, Material(5));
        using ClaimedItem claimed = store.TryClaim(s_binding, s_id)!;
        using PendingItem pending = store.Add(s_binding, new ItemId(78), 5, fields => fields.Keep(Material(5)));
        _party.Open();
        pending.Commit();
        claimed.Read(s_binding, 5, fields => fields.Keep(new byte[5]));
        Assert.Single(_party.Items);
    }

    [Fact]
    public void An_item_that_is_not_committed_leaves_nothing()
    {
        PreprocessingStore store = _party.Open();
        store.Add(s_binding, s_id, 5, fields => fields.Keep(Material(5))).Dispose();
        Assert.Throws<InvalidOperationException>(() => store.Add(s_binding, s_id, 6, fields => fields.Keep(Material(5))));
        Assert.Throws<InvalidOperationException>(() => store.Add(s_binding, s_id, 4, fields => fields.Keep(Material(5))));
        Assert.DoesNotContain(_party.Disk.Files.Keys, n => n.Contains(s_id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void Old_items_make_room()
    {
        ManualClock clock = new();
        _party.Disk = new MemoryDisk(clock);
        PreprocessingStore store = _party.Open(new StoreLimits { MaxItems = 1, Lifetime = TimeSpan.FromDays(2) }, clock);
        StoreParty.Add(store, s_binding, s_id, Material(5));
        Assert.Contains("its limit", store.Objection(s_binding, 5), StringComparison.Ordinal);
        clock.Now += TimeSpan.FromDays(3);
        Assert.Null(store.Objection(s_binding, 5));
        Assert.Empty(_party.Items);
    }

    [Fact]
    public void Limits_on_bytes_count_what_all_clients_have()
    {
        PreprocessingStore store = _party.Open(new StoreLimits { MaxBytes = (2 * ItemHeader.FileBytes(100)) - 1 });
        Assert.Null(store.Objection(s_binding, 100));
        StoreParty.Add(store, StoreParty.Binding(client: 9), s_id, Material(100));
        Assert.Contains("its limit", store.Objection(s_binding, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_says_what_is_there()
    {
        PreprocessingStore store = _party.Open();
        StoreParty.Add(store, s_binding, s_id, Material(5));
        StoreParty.Add(store, s_binding, new ItemId(78), Material(5));
        StoreParty.Add(store, StoreParty.Binding(Party.Server), s_id, Material(5));
        Assert.Equal([(Party.Client, 2), (Party.Server, 1)], store.List().Select(l => (l.Role, l.Count)));
        Assert.Equal(2 * ItemHeader.FileBytes(5), store.List()[0].Bytes);
    }

    private static byte[] Material(int size)
    {
        byte[] bytes = new byte[size];
        new Random(size).NextBytes(bytes);
        return bytes;
    }

    private static void RequireDiscarded(int size, Action<byte[]>? change = null, int resize = 0)
    {
        StoreParty party = new();
        PreprocessingStore store = party.Open();
        StoreParty.Add(store, s_binding, s_id, Material(size));
        MemoryDisk.Node node = party.Disk.Files[Assert.Single(party.Items)];
        byte[] content = node.Content;
        Array.Resize(ref content, content.Length + resize);
        node.Content = content;
        change?.Invoke(node.Content);
        Assert.Contains("discarded", Assert.Throws<StoreException>(() => StoreParty.Take(store, s_binding, s_id, size)).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(party.Disk.Files.Keys, n => n.Contains(s_id.ToString(), StringComparison.Ordinal));
    }

    private static void RequireSwapRefused(ItemBinding from, ItemId id)
    {
        StoreParty party = new();
        PreprocessingStore store = party.Open();
        StoreParty.Add(store, s_binding, s_id, Material(5));
        byte[] mine = party.Disk.Files[Assert.Single(party.Items)].Content;
        string item = party.Items[0];
        party.Disk.Files.Remove(item);
        StoreParty.Add(store, from, id, Material(5));
        MemoryDisk.Node other = party.Disk.Files[Assert.Single(party.Items)];
        party.Disk.Files.Clear();
        party.Disk.Files[item] = other;
        Assert.NotEqual(mine, other.Content);
        Assert.Throws<StoreException>(() => StoreParty.Take(store, s_binding, s_id, 5));
    }

    private sealed class ManualClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = DateTimeOffset.UnixEpoch;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
