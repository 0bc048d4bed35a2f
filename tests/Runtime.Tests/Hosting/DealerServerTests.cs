using System.Collections.Concurrent;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Protocols.Dealer;
using PrivateInference.Runtime.Tests.Engine;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>Client, server and dealer over loopback with TLS, all audited.</summary>
public sealed class DealerServerTests
{
    private readonly ConcurrentQueue<SessionEvent> _events = new();

    [Fact]
    public async Task Predictions_with_a_dealer_equal_the_clear_plan()
    {
        await using DealerServer dealer = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(Address(dealer.EndPoint.Port));
        await using InferenceClient client = await ConnectAsync(server, Address(dealer.EndPoint.Port));
        await using InferenceClient second = await ConnectAsync(server, Address(dealer.EndPoint.Port));
        await client.PrepareAsync(2);
        await second.PrepareAsync();
        for (int seed = 0; seed < 4; seed++)
            await server.RequireRightAsync(client, seed);
        await server.RequireRightAsync(second, seed: 5);
        Assert.Equal(5, _events.Count(e => e.Message.StartsWith("Dealt inference", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_server_with_a_dealer_serves_clients_that_want_none()
    {
        await using DealerServer dealer = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(Address(dealer.EndPoint.Port));
        await server.RequireHealthyAsync();
        Assert.Empty(_events);
    }

    [Fact]
    public async Task A_server_without_a_dealer_refuses_a_client_that_has_one()
    {
        await using DealerServer dealer = StartDealer();
        await using TestServer server = TestServer.Start();
        await RequireRefusalAsync(server, Address(dealer.EndPoint.Port), "this server has none");
        await server.RequireHealthyAsync();
    }

    [Fact]
    public async Task Client_and_server_of_different_dealers_are_told()
    {
        await using DealerServer one = StartDealer(), other = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(Address(one.EndPoint.Port));
        await RequireRefusalAsync(server, Address(other.EndPoint.Port), "client and server must name the same dealer");
        await server.RequireHealthyAsync();
    }

    [Fact]
    public async Task A_dealer_of_another_plan_is_named()
    {
        await using DealerServer dealer = DealerServer.Start(SecretPlan.Plan, Options());
        await using TestServer server = TestServer.StartWithDealer(Address(dealer.EndPoint.Port));
        await RequireRefusalAsync(server, Address(dealer.EndPoint.Port), "use one plan file everywhere");
    }

    [Fact]
    public async Task A_dealer_that_is_not_there_is_named_on_either_side()
    {
        DealerServer gone = StartDealer();
        int port = gone.EndPoint.Port;
        await gone.DisposeAsync();
        await using DealerServer dealer = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(Address(port));
        await RequireRefusalAsync(server, Address(port), $"No dealer answers at 127.0.0.1:{port}");
        await RequireRefusalAsync(server, Address(dealer.EndPoint.Port), $"The server cannot use its dealer: No dealer answers at 127.0.0.1:{port}");
    }

    [Fact]
    public async Task A_dealer_that_dies_ends_the_session_with_a_reason_and_no_other()
    {
        await using DealerServer lasting = StartDealer();
        DealerServer dealer = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(Address(dealer.EndPoint.Port));
        await using InferenceClient bystander = await server.ConnectAsync();
        await using InferenceClient client = await ConnectAsync(server, Address(dealer.EndPoint.Port));
        await client.PrepareAsync();
        await dealer.DisposeAsync();

        // What is prepared stays good; more cannot be had.
        await server.RequireRightAsync(client, seed: 1);
        PeerProtocolException failure = await Assert.ThrowsAsync<PeerProtocolException>(() => client.PrepareAsync().WaitAsync(TestServer.Patience));
        Assert.Contains("dealer", failure.Message, StringComparison.Ordinal);
        await server.RequireRightAsync(bystander, seed: 2);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(1 << 20)]
    public async Task A_dealer_that_sends_more_or_less_than_the_plan_foresees_is_found_out(int excess)
    {
        await using FakeServer dealer = FakeServer.WithTls(
            peer =>
            {
                DealtProgram program = new(new TwoPartyProgram(SamplePlans.EveryStep));
                MessageChannel channel = new(new StreamChannel(peer.Stream, "server"), Party.Helper, Party.Server);
                DealerHandshake.Receive(channel, program.Program.Hash.AsSpan());
                DealerHandshake.SendSeed(channel, default);
                channel.BeginReceiveAny();
                channel.EndReceive();
                PlannedMessage correction = program.Linear[0].Correction;
                channel.BeginSend(MessageKind.Step, Phase.Offline, correction.StepIndex, correction.Cost.Bytes - MessageHeader.Size + excess);
                channel.Send(new byte[correction.Cost.Bytes - MessageHeader.Size + excess]);
                channel.EndSend();
            });
        await using DealerServer honest = StartDealer();
        await using TestServer server = TestServer.StartWithDealer(dealer.Address());
        await using InferenceClient client = await ConnectAsync(server, Address(honest.EndPoint.Port));
        PeerProtocolException failure = await Assert.ThrowsAsync<PeerProtocolException>(() => client.PrepareAsync().WaitAsync(TestServer.Patience));
        Assert.Contains("The dealer sent a Step message", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_admits_one_client_and_one_server()
    {
        await using DealerServer dealer = StartDealer();
        DealerTicket ticket = DealerTicket.Create();
        Introduce(dealer, Party.Client, ticket);
        Assert.Throws<PeerProtocolException>(() => Introduce(dealer, Party.Client, ticket));
        Introduce(dealer, Party.Server, ticket);
        Assert.Throws<PeerProtocolException>(() => Introduce(dealer, Party.Server, ticket));
    }

    [Fact]
    public async Task Sessions_whose_server_does_not_come_are_bounded_and_expire()
    {
        SessionLimits limits = new() { MaxSessions = 1, MaxPendingConnections = 2, HandshakeTimeout = TimeSpan.FromSeconds(1) };
        await using DealerServer dealer = DealerServer.Start(SamplePlans.EveryStep, Options() with { Limits = limits });
        DealerTicket first = DealerTicket.Create();
        Introduce(dealer, Party.Client, first);
        for (int i = 0; i < 2; i++)
            Introduce(dealer, Party.Client, DealerTicket.Create());
        PeerProtocolException full = Assert.Throws<PeerProtocolException>(() => Introduce(dealer, Party.Client, DealerTicket.Create()));
        Assert.Contains("too many sessions", full.Message, StringComparison.Ordinal);
        await Task.Delay(2 * limits.HandshakeTimeout);
        await Task.Delay(TimeSpan.FromMilliseconds(100));
        Assert.Throws<PeerProtocolException>(() => Introduce(dealer, Party.Server, first));
        Introduce(dealer, Party.Client, DealerTicket.Create());
    }

    [Fact]
    public async Task A_party_that_speaks_nonsense_is_refused()
    {
        await using DealerServer dealer = StartDealer();
        using Stream stream = Open(dealer);
        stream.Write(new byte[1000]);
        using MessageChannel channel = new(new StreamChannel(stream, "dealer"), Party.Client, Party.Helper);
        Assert.Throws<PeerProtocolException>(() => channel.BeginReceiveAny());
        Introduce(dealer, Party.Client, DealerTicket.Create());
    }

    private static async Task RequireRefusalAsync(TestServer server, ConnectOptions dealer, string reason)
    {
        PeerProtocolException refused = await Assert.ThrowsAsync<PeerProtocolException>(() => ConnectAsync(server, dealer));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private static Task<InferenceClient> ConnectAsync(TestServer server, ConnectOptions dealer)
        => InferenceClient.ConnectAsync(server.Plan, server.Address() with { Dealer = dealer }).WaitAsync(TestServer.Patience);

    private static void Introduce(DealerServer dealer, Party party, DealerTicket ticket)
    {
        using MessageChannel channel = new(new StreamChannel(Open(dealer), "dealer"), party, Party.Helper);
        DealerHandshake.Introduce(channel, party, SamplePlans.EveryStep.Hash.AsSpan(), ticket);
    }

    private static Stream Open(DealerServer dealer)
        => PeerConnector.OpenAsync(Address(dealer.EndPoint.Port), Party.Helper, CancellationToken.None).GetAwaiter().GetResult();

    private static ConnectOptions Address(int port) => new() { Host = "127.0.0.1", Port = port, TrustedCertificate = TestServer.Certificate };

    private DealerServer StartDealer() => DealerServer.Start(SamplePlans.EveryStep, Options());

    private ListenOptions Options() => new() { Certificate = TestServer.Certificate, OnEvent = _events.Enqueue };
}
