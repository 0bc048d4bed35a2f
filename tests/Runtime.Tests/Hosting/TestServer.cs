using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Tests.Plan;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>An inference server on a loopback port, with TLS, whose health tests can check.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    /// <summary>For waits that must not hang a test; nothing is concluded from how long they take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ModelWeights _weights;
    private readonly InferenceServer _server;

    private TestServer(ExecutionPlan plan, ModelWeights weights, SessionLimits limits, X509Certificate2? certificate, bool audit, ConnectOptions? dealer = null, PreprocessingStore? store = null)
    {
        Plan = plan;
        _weights = weights;
        Limits = limits;
        _server = InferenceServer.Start(plan, weights, new ServerOptions
        {
            Certificate = certificate,
            Limits = limits,
            Audit = audit,
            OnEvent = Events.Enqueue,
            Dealer = dealer,
            Store = store,
        });
    }

    public static X509Certificate2 Certificate { get; } = ServerCertificate.CreateForLoopback();

    public ExecutionPlan Plan { get; }

    public SessionLimits Limits { get; }

    public ConcurrentQueue<SessionEvent> Events { get; } = new();

    public int Port => _server.EndPoint.Port;

    public int Connections => _server.Connections;

    public static TestServer Start(SessionLimits? limits = null)
        => Start(SamplePlans.EveryStep, SamplePlans.Weights, limits);

    public static TestServer Start(ExecutionPlan plan, ModelWeights weights, SessionLimits? limits = null)
        => new(plan, weights, limits ?? new SessionLimits(), Certificate, audit: true);

    public static TestServer StartWithoutTls()
        => new(SamplePlans.EveryStep, SamplePlans.Weights, new SessionLimits(), certificate: null, audit: true);

    /// <summary>A server that prepares with a dealer where its client asks for one.</summary>
    public static TestServer StartWithDealer(ConnectOptions dealer, SessionLimits? limits = null)
        => new(SamplePlans.EveryStep, SamplePlans.Weights, limits ?? new SessionLimits(), Certificate, audit: true, dealer);

    /// <summary>A server that keeps what clients prepare ahead.</summary>
    public static TestServer StartWithStore(PreprocessingStore store)
        => new(SamplePlans.EveryStep, SamplePlans.Weights, new SessionLimits(), Certificate, audit: true, store: store);

    public ConnectOptions Address(int? port = null, SessionLimits? limits = null) => new()
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        TrustedCertificate = Certificate,
        Audit = true,
        Limits = limits ?? new SessionLimits(),
    };

    public Task<InferenceClient> ConnectAsync() => InferenceClient.ConnectAsync(Plan, Address());

    /// <summary>A well-behaved client is served, and its result is right.</summary>
    public async Task RequireHealthyAsync()
    {
        await using InferenceClient client = await ConnectAsync();
        await RequireRightAsync(client, seed: 7);
    }

    /// <summary>One inference gives the plan's clear result.</summary>
    public async Task RequireRightAsync(InferenceClient client, int seed)
    {
        float[] input = Input(seed);
        InferenceResult result = await client.InferAsync(input);
        Assert.Equal((IEnumerable<float>)new FixedPointInterpreter(Plan, _weights).Infer(input).Elements, result.Output);
    }

    /// <summary>All sessions end, their connections with them.</summary>
    public Task RequireIdleAsync() => RequireConnectionsAsync(0);

    public async Task RequireConnectionsAsync(int count)
    {
        using CancellationTokenSource limit = new(Patience);
        while (Connections != count)
            await Task.Delay(5, limit.Token);
    }

    /// <summary>Waits until an event with this text has happened.</summary>
    public async Task RequireEventAsync(SessionEventKind kind, string text)
    {
        using CancellationTokenSource limit = new(Patience);
        while (!Events.Any(e => e.Kind == kind && e.Message.Contains(text, StringComparison.Ordinal)))
            await Task.Delay(5, limit.Token);
    }

    public float[] Input(int seed)
    {
        Random random = new(seed);
        PlanValue input = Plan.Values[Plan.Steps[0].Output];
        return [.. Enumerable.Range(0, input.Count).Select(_ => (float)(input.Minimum + (random.NextDouble() * (input.Maximum - input.Minimum))))];
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
