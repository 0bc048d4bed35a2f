using System.Collections.Concurrent;
using System.Diagnostics;
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
    private readonly ServerOptions _options;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _sessionSlots;
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private readonly Task _accepting;
    private long _lastSession;

    private InferenceServer(ServerModel model, ServerOptions options, Socket listener)
    {
        _model = model;
        _options = options;
        _listener = listener;
        _sessionSlots = new SemaphoreSlim(options.Limits.MaxSessions);
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the server listens, with the actual port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Prepares the weights for secure execution and starts to listen.</summary>
    /// <exception cref="PlanFormatException">The plan is invalid or the weights belong to another plan.</exception>
    /// <exception cref="ArgumentException">A limit leaves no room for any session.</exception>
    /// <exception cref="InvalidOperationException">No certificate, and the address is not a loopback one.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static InferenceServer Start(ExecutionPlan plan, ModelWeights weights, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        SessionLimits.Require(options.Limits);
        if (options.Certificate is null && !IPAddress.IsLoopback(options.Listen.Address))
            throw new InvalidOperationException($"Listening on {options.Listen} needs a TLS certificate; without one only loopback addresses are served.");
        ServerModel model = new(plan, weights);
        Socket listener = new(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(options.Listen);
            listener.Listen(backlog: 64);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        return new InferenceServer(model, options, listener);
    }

    /// <summary>Open connections: sessions, and those before their handshake or after their failure.</summary>
    public int Connections => _connections.Count;

    /// <summary>Completes when the server has stopped; faults if listening failed.</summary>
    public Task Completion => _accepting;

    /// <summary>Stops listening and ends all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                Begin(await _listener.AcceptAsync(_stopping.Token));
            }
            catch (Exception e) when (_stopping.IsCancellationRequested && e is (OperationCanceledException or ObjectDisposedException or SocketException))
            {
                return;
            }
            catch (SocketException e)
            {
                // A peer that vanished while in the queue, or no descriptors left: neither ends the server.
                Report(0, SessionEventKind.Failed, "?", $"A connection could not be accepted: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private void Begin(Socket socket)
    {
        long number = ++_lastSession;
        string peer = socket.RemoteEndPoint?.ToString() ?? "?";
        if (_connections.Count >= _options.Limits.MaxSessions + _options.Limits.MaxPendingConnections)
        {
            socket.Dispose();
            Report(number, SessionEventKind.Refused, peer, "There are too many connections.");
            return;
        }

        ServerConnection connection = new(_model, _options, _sessionSlots, socket, (kind, message) => Report(number, kind, peer, message));
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[number] = ended.Task;
        new Thread(() => Run(number, connection, ended)) { IsBackground = true, Name = $"session {number}" }.Start();
    }

    private void Run(long number, ServerConnection connection, TaskCompletionSource ended)
    {
        connection.Run(_stopping.Token);
        _connections.TryRemove(number, out _);
        ended.SetResult();
    }

    private void Report(long session, SessionEventKind kind, string peer, string message)
    {
        try
        {
            _options.OnEvent?.Invoke(new SessionEvent(session, kind, peer, message));
        }
#pragma warning disable CA1031 // An observer that fails must not end a session, let alone the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Trace.TraceError($"The observer of the server's events failed: {e}");
        }
    }
}
