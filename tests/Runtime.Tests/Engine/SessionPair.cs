using System.Collections.Concurrent;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>A client session in the test's thread and a server session in another, over memory, both audited and recorded.</summary>
internal sealed class SessionPair : IDisposable
{
    private readonly RecordingChannel _clientEnd;
    private readonly RecordingChannel _serverEnd;
    private readonly Task _server;
    private readonly InMemoryDealer? _dealer;

    private SessionPair(ExecutionPlan plan, ModelWeights weights, SessionLimits limits, Func<Party, IChannel, IChannel> wrap, bool dealt = false, PreprocessingStore? serverStore = null, bool storeOnly = false)
    {
        _dealer = dealt ? new InMemoryDealer(plan) : null;
        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair(timeLimit: TimeSpan.FromSeconds(60));
        _clientEnd = new RecordingChannel(wrap(Party.Client, client));
        _serverEnd = new RecordingChannel(wrap(Party.Server, server));
        ClientChannel = new MessageChannel(_clientEnd, Party.Client, Party.Server);
        Client = new ClientSession(plan, ClientChannel, audit: true) { StoreOnly = storeOnly, OnNotice = Notices.Add };
        ServerModel model = new(plan, weights);
        _server = Task.Factory.StartNew(
            () => Serve(model, limits, serverStore), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    public ClientSession Client { get; }

    /// <summary>What the client was told about stored material.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>What the server reported.</summary>
    public ConcurrentQueue<string> Events { get; } = [];

    public MessageChannel ClientChannel { get; }

    /// <summary>Every byte the client wrote, from the first message on.</summary>
    public byte[] ClientTranscript => _clientEnd.Sent;

    /// <summary>Every byte the server wrote.</summary>
    public byte[] ServerTranscript => _serverEnd.Sent;

    /// <summary>Every byte a dealer wrote to the server.</summary>
    public byte[] DealerTranscript => _dealer!.ServerTranscript;

    public long ClientStreamBytes => ClientTranscript.Length;

    public long ServerStreamBytes => ServerTranscript.Length;

    public static SessionPair Open(ExecutionPlan plan, ModelWeights weights, SessionLimits? limits = null)
    {
        SessionPair pair = Create(plan, weights, limits);
        pair.Client.Open();
        return pair;
    }

    /// <summary>With a dealer over memory, which records what it sends to the server.</summary>
    public static SessionPair OpenDealt(ExecutionPlan plan, ModelWeights weights)
    {
        SessionPair pair = new(plan, weights, new SessionLimits(), (_, channel) => channel, dealt: true);
        using MessageChannel dealer = pair._dealer!.ConnectClient();
        pair.Client.Open(dealer);
        return pair;
    }

    /// <summary>With stores, as they are opened by who calls.</summary>
    public static SessionPair OpenStored(ExecutionPlan plan, ModelWeights weights, PreprocessingStore client, PreprocessingStore? server, bool storeOnly = false)
    {
        SessionPair pair = new(plan, weights, new SessionLimits(), (_, channel) => channel, serverStore: server, storeOnly: storeOnly);
        pair.Client.Open(client);
        return pair;
    }

    /// <summary>Connected, but not opened yet.</summary>
    /// <param name="plan">The plan of both.</param>
    /// <param name="weights">The server's.</param>
    /// <param name="limits">The server's.</param>
    /// <param name="wrap">Puts something between a party and its end of the channel.</param>
    public static SessionPair Create(
        ExecutionPlan plan, ModelWeights weights, SessionLimits? limits = null, Func<Party, IChannel, IChannel>? wrap = null)
        => new(plan, weights, limits ?? new SessionLimits(), wrap ?? ((_, channel) => channel));

    public void Dispose()
    {
        Client.TryClose();
        ClientChannel.Dispose();
        Client.Dispose();
        Assert.True(_server.Wait(TimeSpan.FromSeconds(60)), "The server's session does not end.");
        _dealer?.Dispose();
    }

    private void Serve(ServerModel model, SessionLimits limits, PreprocessingStore? store)
    {
        using MessageChannel channel = new(_serverEnd, Party.Server, Party.Client);
        try
        {
            using ServerSession session = new(model, channel, limits, audit: true) { ConnectDealer = _dealer is null ? null : _dealer.ConnectServer, Store = store, OnEvent = (_, message) => Events.Enqueue(message) };
            Assert.Null(session.Accept(() => null));
            session.Run();
        }
        catch (PeerProtocolException e)
        {
            channel.TrySendError(e.Message);
        }
    }
}
