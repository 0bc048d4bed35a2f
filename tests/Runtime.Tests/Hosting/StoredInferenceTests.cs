using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>The client library and the server with stores on real disks.</summary>
public sealed class StoredInferenceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx2mpc-stored-");
    private readonly StoreKey _key = StoreKey.Create();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Clients_that_share_a_store_share_what_is_in_it()
    {
        await using TestServer server = TestServer.StartWithStore(Open("server"));
        await using (InferenceClient client = await ConnectAsync(server))
        {
            for (int i = 0; i < 4; i++)
                await client.PreprocessAsync();
            Assert.Equal(4, await client.CountStoredAsync());
        }

        // Two by two, with nothing but what is stored.
        await Task.WhenAll(Enumerable.Range(0, 2).Select(async seed =>
        {
            await using InferenceClient client = await ConnectAsync(server, storeOnly: true);
            await server.RequireRightAsync(client, seed);
            await server.RequireRightAsync(client, seed + 10);
        }));
        Assert.Equal(0, Open("client").Count(server.Plan));
        await server.RequireIdleAsync();
        Assert.Empty(Directory.EnumerateFiles(_folder.FullName, "*" + ItemFiles.Item, SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Cancelling_leaves_what_was_finished()
    {
        await using TestServer server = TestServer.StartWithStore(Open("server"));
        using CancellationTokenSource cancellation = new();
        await using (InferenceClient client = await ConnectAsync(server))
        {
            await client.PreprocessAsync(cancellation.Token);
            Task second = client.PreprocessAsync(cancellation.Token);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        }

        await server.RequireIdleAsync();
        await using InferenceClient later = await ConnectAsync(server);
        Assert.InRange(await later.CountStoredAsync(), 1, 2);
        await server.RequireRightAsync(later, seed: 1);
        Assert.DoesNotContain(server.Events, e => e.Message.Contains("Internal error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Options_that_exclude_each_other_are_refused()
    {
        await using TestServer server = TestServer.Start();
        ConnectOptions address = server.Address();
        await Assert.ThrowsAsync<ArgumentException>(() => InferenceClient.ConnectAsync(server.Plan, address with { StoreOnly = true }));
        await Assert.ThrowsAsync<ArgumentException>(() => InferenceClient.ConnectAsync(server.Plan, address with { Store = Open("client"), Dealer = address }));
    }

    [Fact]
    public async Task A_server_whose_store_fails_says_so_and_serves_on()
    {
        PreprocessingStore store = Open("server");
        await using TestServer server = TestServer.StartWithStore(store);
        await using (InferenceClient client = await ConnectAsync(server))
        {
            Directory.Delete(store.Folder, recursive: true);
            await File.WriteAllTextAsync(store.Folder, "in the way");
            await Assert.ThrowsAnyAsync<IOException>(() => client.PreprocessAsync());
        }

        File.Delete(store.Folder);
        await server.RequireHealthyAsync();
        Assert.DoesNotContain(server.Events, e => e.Message.Contains("Internal error", StringComparison.Ordinal));
    }

    private PreprocessingStore Open(string name) => PreprocessingStore.Open(Path.Combine(_folder.FullName, name), _key);

    private Task<InferenceClient> ConnectAsync(TestServer server, bool storeOnly = false)
        => InferenceClient.ConnectAsync(server.Plan, server.Address() with { Store = Open("client"), StoreOnly = storeOnly });
}
