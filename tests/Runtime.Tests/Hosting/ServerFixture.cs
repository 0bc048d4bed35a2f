using PrivateInference.Runtime.Hosting;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>One server for the tests of a class, with one well-behaved client connected throughout.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private int _seed;

    internal TestServer Server { get; } = TestServer.Start();

    internal InferenceClient Bystander { get; private set; } = null!;

    public async Task InitializeAsync() => Bystander = await Server.ConnectAsync();

    /// <summary>The session that misbehaved is gone, and the client beside it is still served rightly.</summary>
    internal async Task RequireUnharmedAsync()
    {
        await Server.RequireConnectionsAsync(1);
        await Server.RequireRightAsync(Bystander, ++_seed);
        Assert.DoesNotContain(Server.Events, e => e.Message.Contains("Internal error", StringComparison.Ordinal));
    }

    public async Task DisposeAsync()
    {
        await Server.RequireHealthyAsync();
        await Bystander.DisposeAsync();
        await Server.RequireIdleAsync();
        await Server.DisposeAsync();
    }
}
