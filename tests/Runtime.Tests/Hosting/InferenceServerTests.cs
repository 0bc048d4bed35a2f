using System.Net;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

public sealed class InferenceServerTests
{
    [Fact]
    public async Task A_client_beyond_the_session_limit_is_told_to_come_back()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { MaxSessions = 2 });
        await using InferenceClient first = await server.ConnectAsync();
        InferenceClient second = await server.ConnectAsync();
        PeerProtocolException busy = await Assert.ThrowsAsync<PeerProtocolException>(server.ConnectAsync);
        Assert.Contains("All sessions of the server are taken; try again later.", busy.Message, StringComparison.Ordinal);
        await server.RequireEventAsync(SessionEventKind.Refused, "All sessions");

        await second.DisposeAsync();
        await server.RequireConnectionsAsync(1);
        await server.RequireHealthyAsync();
        await server.RequireRightAsync(first, seed: 1);
    }

    [Fact]
    public async Task Connections_beyond_all_limits_are_closed_unheard()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { MaxSessions = 1, MaxPendingConnections = 2 });
        RawClient[] silent = [.. Enumerable.Range(0, 3).Select(_ => RawClient.ConnectPlain(server))];
        await server.RequireConnectionsAsync(3);
        using (RawClient excess = RawClient.ConnectPlain(server))
            Assert.Equal(0, await excess.Stream.ReadAsync(new byte[1]));
        foreach (RawClient client in silent)
            client.Dispose();
        await server.RequireIdleAsync();
        await server.RequireHealthyAsync();
    }

    [Fact]
    public async Task Stopping_ends_live_sessions()
    {
        TestServer server = TestServer.Start();
        await using InferenceClient idle = await server.ConnectAsync();
        using RawClient inHandshake = RawClient.ConnectTls(server);
        using RawClient inTls = RawClient.ConnectPlain(server);
        using RawClient inFarewell = RawClient.ConnectTls(server);
        inFarewell.SendHeader(default);
        inFarewell.ReadReason();
        await server.DisposeAsync().AsTask().WaitAsync(TestServer.Patience);
        Assert.Equal(0, server.Connections);
        await server.DisposeAsync();
        await Assert.ThrowsAsync<PeerProtocolException>(() => idle.InferAsync(server.Input(1)));
        await Assert.ThrowsAsync<PeerProtocolException>(server.ConnectAsync);
    }

    [Fact]
    public async Task An_observer_that_fails_harms_neither_server_nor_session()
    {
        await using InferenceServer server = InferenceServer.Start(SamplePlans.EveryStep, SamplePlans.Weights, new ServerOptions
        {
            Certificate = TestServer.Certificate,
            OnEvent = _ => throw new InvalidOperationException("The log is full."),
        });
        for (int run = 0; run < 2; run++)
        {
            ConnectOptions address = new() { Host = "127.0.0.1", Port = server.EndPoint.Port, TrustedCertificate = TestServer.Certificate };
            await using InferenceClient client = await InferenceClient.ConnectAsync(SamplePlans.EveryStep, address);
            await client.InferAsync(new float[16]);
        }
    }

    [Fact]
    public async Task Without_a_certificate_only_loopback_is_served()
    {
        Assert.Throws<InvalidOperationException>(() => InferenceServer.Start(
            SamplePlans.EveryStep, SamplePlans.Weights, new ServerOptions { Listen = new IPEndPoint(IPAddress.Any, 0) }));
        await using TestServer server = TestServer.StartWithoutTls();
        await using InferenceClient client = await InferenceClient.ConnectAsync(server.Plan, server.Address() with { UseTls = false });
        await server.RequireRightAsync(client, seed: 1);
    }

    [Fact]
    public void Weights_of_another_plan_are_refused_at_the_start()
    {
        ModelWeights wrong = new() { Tensors = SamplePlans.Weights.Tensors.RemoveAt(2) };
        Assert.Throws<PlanFormatException>(() => InferenceServer.Start(SamplePlans.EveryStep, wrong, new ServerOptions()));
    }

    [Fact]
    public void Limits_that_leave_no_room_are_refused_at_the_start()
    {
        SessionLimits[] impossible =
        [
            new() { MaxSessions = 0 },
            new() { MaxPendingConnections = 0 },
            new() { MaxPreparedInferences = 0 },
            new() { HandshakeTimeout = TimeSpan.Zero },
            new() { ProgressTimeout = TimeSpan.FromMilliseconds(-7) },
            new() { IdleTimeout = TimeSpan.FromDays(100) },
        ];
        foreach (SessionLimits limits in impossible)
            Assert.Throws<ArgumentException>(() => InferenceServer.Start(SamplePlans.EveryStep, SamplePlans.Weights, new ServerOptions { Limits = limits }));
    }
}
