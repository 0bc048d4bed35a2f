using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

public sealed class InferenceClientTests
{
    [Fact]
    public async Task Cancelling_a_connect_ends_it()
    {
        await using FakeServer server = FakeServer.Silent();
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => InferenceClient.ConnectAsync(SamplePlans.EveryStep, server.Address(), cancel.Token).WaitAsync(TestServer.Patience));
    }

    [Fact]
    public async Task Cancelling_a_connect_during_the_handshake_ends_it()
    {
        await using FakeServer server = FakeServer.WithTls(_ => { });
        using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(300));
        SessionLimits patient = new() { HandshakeTimeout = TimeSpan.FromMinutes(10) };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => InferenceClient.ConnectAsync(SamplePlans.EveryStep, server.Address(patient), cancel.Token).WaitAsync(TestServer.Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelling_a_request_ends_it_and_the_session(bool infer)
    {
        await using TestServer server = TestServer.Start();
        await using StallingRelay network = new(server.Port);
        await using InferenceClient client = await InferenceClient.ConnectAsync(server.Plan, server.Address(network.Port));
        await client.PrepareAsync();
        network.Stall();
        using CancellationTokenSource cancel = new();
        Task request = infer ? client.InferAsync(server.Input(1), cancel.Token) : client.PrepareAsync(1, cancel.Token);
        cancel.CancelAfter(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.WaitAsync(TestServer.Patience));

        Assert.Equal(0, client.PreparedInferences);
        PeerProtocolException later = await Assert.ThrowsAsync<PeerProtocolException>(() => client.InferAsync(server.Input(2)));
        Assert.Contains("connect again", later.Message, StringComparison.Ordinal);
        Assert.Contains("cancelled", later.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_a_call_that_waits_for_its_turn_leaves_the_session_alone()
    {
        await using TestServer server = TestServer.Start();
        await using InferenceClient client = await server.ConnectAsync();
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.InferAsync(server.Input(1), cancelled.Token));
        await server.RequireRightAsync(client, seed: 2);
    }

    [Fact]
    public async Task After_a_failure_every_call_says_why_the_session_ended()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { MaxPreparedInferences = 1 });
        await using InferenceClient client = await server.ConnectAsync();
        PeerProtocolException first = await Assert.ThrowsAsync<PeerProtocolException>(() => client.PrepareAsync(2));
        Assert.Equal("The server ended the session: The client asked for more than 1 prepared inferences.", first.Message);
        PeerProtocolException second = await Assert.ThrowsAsync<PeerProtocolException>(() => client.InferAsync(server.Input(1)));
        Assert.Contains($"connect again. It ended because: {first.Message}", second.Message, StringComparison.Ordinal);
        await server.RequireIdleAsync();
    }

    [Fact]
    public async Task A_client_that_idles_too_long_learns_so_at_its_next_call()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { IdleTimeout = TimeSpan.FromMilliseconds(300) });
        await using InferenceClient client = await server.ConnectAsync();
        await server.RequireEventAsync(SessionEventKind.Failed, "The client sent nothing for 0.3 s");
        await server.RequireIdleAsync();
        PeerProtocolException failure = await Assert.ThrowsAsync<PeerProtocolException>(() => client.InferAsync(server.Input(1)));
        Assert.Equal("The server ended the session: The client sent nothing for 0.3 s; the session is over.", failure.Message);
    }

    [Fact]
    public async Task An_input_that_does_not_fit_is_refused_and_the_session_lives_on()
    {
        await using TestServer server = TestServer.Start();
        await using InferenceClient client = await server.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => client.InferAsync(new float[3]));
        float[] input = server.Input(1);
        input[5] = float.NaN;
        ArgumentException failure = await Assert.ThrowsAsync<ArgumentException>(() => client.InferAsync(input));
        Assert.Contains("Element 5", failure.Message, StringComparison.Ordinal);
        await server.RequireRightAsync(client, seed: 2);
    }

    [Fact]
    public async Task Calls_at_once_on_one_client_take_turns()
    {
        await using TestServer server = TestServer.Start();
        await using InferenceClient client = await server.ConnectAsync();
        Task preparing = client.PrepareAsync(2);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(seed => server.RequireRightAsync(client, seed)).Append(preparing));
        Assert.Equal(0, client.PreparedInferences);
    }

    [Fact]
    public async Task Clients_at_once_are_served_rightly()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { MaxSessions = 4 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async seed =>
        {
            await using InferenceClient client = await server.ConnectAsync();
            await server.RequireRightAsync(client, seed);
            await server.RequireRightAsync(client, seed + 10);
        }));
        await server.RequireIdleAsync();
    }

    [Fact]
    public async Task Disposing_twice_is_fine_and_using_a_disposed_client_is_not()
    {
        await using TestServer server = TestServer.Start();
        InferenceClient client = await server.ConnectAsync();
        await client.DisposeAsync();
        await client.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.InferAsync(server.Input(1)));
        await server.RequireIdleAsync();
        Assert.Contains(server.Events, e => e is { Kind: SessionEventKind.Closed, Message: "The client said goodbye." });
    }

    [Fact]
    public async Task A_call_that_queues_behind_a_dispose_ends()
    {
        await using TestServer server = TestServer.Start();
        InferenceClient client = await server.ConnectAsync();
        Task running = server.RequireRightAsync(client, seed: 1);
        Task disposing = client.DisposeAsync().AsTask();
        Task late = client.InferAsync(server.Input(2));
        await running.WaitAsync(TestServer.Patience);
        await disposing.WaitAsync(TestServer.Patience);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => late.WaitAsync(TestServer.Patience));
    }
}
