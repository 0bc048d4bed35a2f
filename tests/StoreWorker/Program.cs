using System.Globalization;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Tests.StoreWorker;

// FOLDER KEYFILE OPERATION: opens a store, adds an item, takes the oldest one, and says so. It kills itself at the operation with that
// number, or, where there are fewer, ends with their count. The material of an item is its identity, over and over.
DeadlyFiles files = new(int.Parse(args[2], CultureInfo.InvariantCulture));
ItemBinding binding = new() { Role = Party.Client, PlanHash = [.. new byte[32]], Client = 1, Server = 2 };
PreprocessingStore store = PreprocessingStore.Open(args[0], StoreKey.LoadOrCreate(args[1]), new StoreLimits(), files, TimeProvider.System);
ItemId added = ItemId.Read(Guid.NewGuid().ToByteArray());
byte[] material = new byte[ItemId.Size];
added.Write(material);
using (PendingItem item = store.Add(binding, added, fields => fields.Keep(material)))
    item.Commit();
Console.WriteLine($"added {added}");
using (ClaimedItem item = store.TryClaim(binding, store.Items(binding)[0])!)
{
    byte[] read = new byte[ItemId.Size];
    item.Read(binding, fields => fields.Keep(read));
    Console.WriteLine($"used {ItemId.Read(read)}");
}

Console.WriteLine($"operations {files.Operations}");
