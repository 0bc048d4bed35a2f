using System.Net;
using System.Net.Sockets;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Hosting;

/// <summary>
/// Serves one compiled model. Each client has a session on a thread of its own; whatever a client does, it ends its own
/// session and no other.
/// </summary>
public sealed class InferenceServer : IAsyncDisposable
{
    private readonly ServerModel _model;
    private readonly ConnectionHost _host;

    private InferenceServer(ServerModel model, ConnectionHost host) => (_model, _host) = (model, host);

    /// <summary>Where the server listens, with the actual port.</summary>
    public IPEndPoint EndPoint => _host.EndPoint;

    /// <summary>Open connections: sessions, and those before their handshake or after their failure.</summary>
    public int Connections => _host.Connections;

    /// <summary>Completes when the server has stopped; faults if listening failed.</summary>
    public Task Completion => _host.Completion;

    /// <summary>Prepares the weights for secure execution and starts to listen.</summary>
    /// <exception cref="PlanFormatException">The plan is invalid or the weights belong to another plan.</exception>
    /// <exception cref="ArgumentException">A limit leaves no room for any session, there is no thread, or a dealer is to be reached without TLS.</exception>
    /// <exception cref="InvalidOperationException">No certificate, and the address is not a loopback one.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static InferenceServer Start(ExecutionPlan plan, ModelWeights weights, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Require();
        if (options.Threads < 1)
            throw new ArgumentException($"A party works with at least one thread, not {options.Threads}.", nameof(options));
        if (options.Dealer is not null)
            ConnectOptions.Require(options.Dealer);
        ServerModel model = new(plan, weights, options.WeightMemory, options.Threads);
        SemaphoreSlim sessionSlots = new(options.Limits.MaxSessions);
        try
        {
            return new InferenceServer(model, new ConnectionHost(
                options, (socket, report) => new ServerConnection(model, options, sessionSlots, socket, report)));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Stops listening and ends all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _model.Dispose();
    }
}
