using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>Whatever one client does, the server ends that client's session and serves the next one.</summary>
public sealed class MisbehavingClientTests
{
    [Fact]
    public async Task Silent_connections_time_out_and_take_no_session()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { HandshakeTimeout = TimeSpan.FromSeconds(2), MaxSessions = 1 });
        RawClient[] silent =
        [
            .. Enumerable.Range(0, 6).Select(_ => RawClient.ConnectPlain(server)),
            .. Enumerable.Range(0, 3).Select(_ => RawClient.ConnectTls(server)),
        ];
        await server.RequireHealthyAsync();
        await server.RequireIdleAsync();
        await server.RequireEventAsync(SessionEventKind.Failed, "did not complete the handshake within 2 s");
        foreach (RawClient client in silent)
            client.Dispose();
    }

    [Fact]
    public async Task A_hello_that_arrives_byte_by_byte_does_not_extend_the_handshake()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { HandshakeTimeout = TimeSpan.FromSeconds(1) });
        using RawClient client = RawClient.ConnectTls(server);
        client.SendHeader(new MessageHeader(MessageKind.Hello, Phase.Offline, PlannedMessage.Session, Handshake.HelloBytes));
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (true)
            {
                await client.Stream.WriteAsync(new byte[] { (byte)'O' });
                await Task.Delay(200);
            }
        });
        await server.RequireIdleAsync();
        await server.RequireHealthyAsync();
    }

    [Fact]
    public async Task A_client_that_is_still_sending_gets_to_read_the_reason()
    {
        await using TestServer server = TestServer.Start();
        using RawClient client = RawClient.ConnectTls(server);
        client.ShakeHands(server.Plan);
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() =>
        {
            client.Channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, 40 << 20);
            byte[] piece = new byte[1 << 20];
            for (int i = 0; i < 40; i++)
                client.Channel.Send(piece);
            client.Channel.EndSend();
            client.Channel.BeginReceiveAny();
        });
        Assert.Contains("The server ended the session: The client sent a Setup message of 41943040 bytes", failure.Message, StringComparison.Ordinal);
        client.Dispose();
        await server.RequireHealthyAsync();
        await server.RequireIdleAsync();
    }

    [Fact]
    public async Task Leaving_at_any_message_boundary_or_inside_a_message_harms_nobody()
    {
        await using TestServer server = TestServer.Start();
        await using InferenceClient bystander = await server.ConnectAsync();
        await bystander.PrepareAsync();
        bool reset = false;
        foreach ((long send, long receive) in Cuts(server.Plan))
        {
            using RawClient client = RawClient.ConnectTls(server);
            Action leave = (reset = !reset) ? client.Reset : client.Dispose;
            using MessageChannel channel = new(new CutChannel(client.Bytes, send, receive, leave), Party.Client, Party.Server);
            using ClientSession session = new(server.Plan, channel, audit: true);
            Assert.Throws<PeerProtocolException>(() =>
            {
                session.Open();
                session.Infer(server.Input(1));
                channel.BeginSend(MessageKind.Prepare, Phase.Offline, 0, 0);
                channel.EndSend();
            });
        }

        await server.RequireRightAsync(bystander, seed: 3);
        await bystander.DisposeAsync();
        await server.RequireIdleAsync();
        Assert.DoesNotContain(server.Events, e => e.Message.Contains("Internal error", StringComparison.Ordinal));
        await server.RequireHealthyAsync();
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_dropped_after_the_progress_limit()
    {
        SessionLimits limits = new() { ProgressTimeout = TimeSpan.FromSeconds(3), MaxSessions = 1 };
        await using TestServer server = TestServer.Start(LargePlan.Plan, LargePlan.Weights, limits);
        using RawClient client = RawClient.ConnectTls(server, receiveBuffer: 4096);
        using ManualResetEventSlim resume = new();
        long beforeTables = Messages(server.Plan).TakeWhile(m => !IsTables(m)).Where(m => m.Cost.Sender == Party.Server).Sum(m => m.Cost.Bytes);
        using MessageChannel channel = new(
            new CutChannel(client.Bytes, long.MaxValue, beforeTables, () => resume.Wait(TestServer.Patience)), Party.Client, Party.Server);
        using ClientSession session = new(server.Plan, channel, audit: true);
        Task stalled = Task.Factory.StartNew(
            () =>
            {
                session.Open();
                session.Prepare();
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await server.RequireEventAsync(SessionEventKind.Failed, "did not read for 3 s");
        await server.RequireHealthyAsync();
        await server.RequireIdleAsync();
        resume.Set();
        await Assert.ThrowsAsync<PeerProtocolException>(() => stalled);
    }

    [Fact]
    public async Task A_client_that_stops_sending_is_dropped_after_the_progress_limit()
    {
        await using TestServer server = TestServer.Start(new SessionLimits { ProgressTimeout = TimeSpan.FromSeconds(1) });
        using RawClient client = RawClient.ConnectTls(server);
        client.ShakeHands(server.Plan);
        Assert.Contains("The client sent nothing for 1 s", client.ReadReason(), StringComparison.Ordinal);
        client.Dispose();
        await server.RequireIdleAsync();
    }

    private static bool IsTables(PlannedMessage message)
        => message.Cost is { Phase: Phase.Offline, Sender: Party.Server } && message.Cost.Bytes > 1 << 20;

    private static IEnumerable<PlannedMessage> Messages(ExecutionPlan plan)
    {
        SessionCosts costs = new TwoPartyProgram(plan).Costs;
        return [.. costs.Setup, .. costs.Offline, .. costs.Online];
    }

    // Before each message, and inside every third: after its first byte, its header, or its half.
    private static IEnumerable<(long Send, long Receive)> Cuts(ExecutionPlan plan)
    {
        long sent = 0, received = 0;
        foreach ((int index, PlannedMessage message) in Messages(plan).Index())
        {
            long bytes = message.Cost.Bytes;
            long[] parts = (index % 9) switch { 1 => [0, bytes / 2], 4 => [0, Math.Min(MessageHeader.Size, bytes - 1)], 7 => [0, 1], _ => [0] };
            foreach (long part in parts)
                yield return message.Cost.Sender == Party.Client ? (sent + part, long.MaxValue) : (long.MaxValue, received + part);
            if (message.Cost.Sender == Party.Client)
                sent += bytes;
            else
                received += bytes;
        }

        yield return (sent, long.MaxValue);
    }
}
