using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Listens, and gives each connection a thread of its own; whatever happens on one, it ends that one and no other.</summary>
internal sealed class ConnectionHost : IAsyncDisposable
{
    private readonly ListenOptions _options;
    private readonly Func<Socket, Action<SessionEventKind, string>, HostedConnection> _open;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _connections = new();
    private long _lastSession;

    /// <param name="options">Where to listen and what to grant; their limits make sense.</param>
    /// <param name="open">Makes of an accepted socket what serves it; it gets where to report to.</param>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public ConnectionHost(ListenOptions options, Func<Socket, Action<SessionEventKind, string>, HostedConnection> open)
    {
        _options = options;
        _open = open;
        _listener = Listen(options.Listen);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        Completion = AcceptAsync();
    }

    /// <summary>Where it listens, with the actual port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Open connections: sessions, and those before their handshake or after their failure.</summary>
    public int Connections => _connections.Count;

    /// <summary>Completes when the host has stopped; faults if listening failed.</summary>
    public Task Completion { get; }

    /// <summary>Stops listening and ends all connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await Completion.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values);
    }

    private static Socket Listen(IPEndPoint address)
    {
        Socket listener = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(address);
            listener.Listen(backlog: 64);
            return listener;
        }
        catch
        {
            listener.Dispose();
            throw;
        }
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

        HostedConnection connection = _open(socket, (kind, message) => Report(number, kind, peer, message));
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[number] = ended.Task;
        new Thread(() => Run(number, connection, ended)) { IsBackground = true, Name = $"session {number}" }.Start();
    }

    private void Run(long number, HostedConnection connection, TaskCompletionSource ended)
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
