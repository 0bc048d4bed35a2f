using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>
/// Serves one compiled model. Each client has a session on a thread of its own; whatever a client does, it ends its own
/// session and no other.
/// </summary>
public sealed class InferenceServer : IAsyncDisposable
{
    // Connections in TLS or the handshake beyond the session limit: enough to tell them "busy", too few to exhaust the host.
    private const int PendingSlack = 8;

    private readonly ServerModel _model;
    private readonly ServerOptions _options;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private readonly Task _accepting;
    private long _nextSession;

    private InferenceServer(ServerModel model, ServerOptions options, Socket listener)
    {
        _model = model;
        _options = options;
        _listener = listener;
        EndPoint = (IPEndPoint)listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where the server listens, with the actual port.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>Prepares the weights for secure execution and starts to listen.</summary>
    /// <exception cref="PlanFormatException">The plan is invalid or the weights belong to another plan.</exception>
    /// <exception cref="InvalidOperationException">No certificate, and the address is not a loopback one.</exception>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static InferenceServer Start(ExecutionPlan plan, ModelWeights weights, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
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

    /// <summary>Completes when the server has stopped; faults if listening failed.</summary>
    public Task Completion => _accepting;

    /// <summary>Stops listening and ends all sessions.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_sessions.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync(_stopping.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e) when (!_stopping.IsCancellationRequested)
            {
                // A peer that vanished while in the queue, or no descriptors left: neither ends the server.
                Report(0, SessionEventKind.Failed, "?", $"A connection could not be accepted: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
                continue;
            }

            if (_sessions.Count >= _options.Limits.MaxSessions + PendingSlack)
            {
                socket.Dispose();
                continue;
            }

            long number = ++_nextSession;
            _sessions[number] = Task.Factory.StartNew(
                () => RunSession(number, socket), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void RunSession(long number, Socket socket)
    {
        string peer = socket.RemoteEndPoint?.ToString() ?? "?";
        try
        {
            using Stream stream = Authenticate(socket);
            using CancellationTokenRegistration stop = _stopping.Token.Register(stream.Dispose);
            Serve(number, peer, stream);
        }
        catch (Exception e) when (_stopping.IsCancellationRequested)
        {
            Report(number, SessionEventKind.Closed, peer, $"The server is stopping ({e.GetType().Name}).");
        }
        catch (PeerProtocolException e)
        {
            Report(number, SessionEventKind.Failed, peer, e.Message);
        }
        catch (OperationCanceledException)
        {
            Report(number, SessionEventKind.Failed, peer, $"The client did not complete the handshake within {_options.Limits.HandshakeTimeout.TotalSeconds:0.#} s.");
        }
#pragma warning disable CA1031 // A session may fail in ways not foreseen; that must never take the server down.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(number, SessionEventKind.Failed, peer, $"Internal error: {e}");
        }
        finally
        {
            socket.Dispose();
            _sessions.TryRemove(number, out _);
        }
    }

    private Stream Authenticate(Socket socket)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(_options.Limits.HandshakeTimeout);
        Stream stream = TlsTransport.AuthenticateServerAsync(socket, _options.Certificate, limit.Token).GetAwaiter().GetResult();
        SetTimeout(stream, _options.Limits.HandshakeTimeout);
        return stream;
    }

    private void Serve(long number, string peer, Stream stream)
    {
        using MessageChannel channel = new(new StreamChannel(stream, "client"), Party.Server, Party.Client);
        ServerSession session = new(_model, channel, _options.Limits, _options.Audit)
        {
            OnProgressLimit = limit => SetTimeout(stream, limit),
            OnEvent = (kind, message) => Report(number, kind, peer, message),
        };
        try
        {
            if (_sessions.Count > _options.Limits.MaxSessions)
            {
                Report(number, SessionEventKind.Refused, peer, $"All {_options.Limits.MaxSessions} sessions are taken.");
                session.Refuse("All sessions of the server are taken; try again later.");
                return;
            }

            session.Run();
            Report(number, SessionEventKind.Closed, peer, "The client said goodbye.");
        }
        catch (PeerProtocolException e)
        {
            channel.TrySendError(e.Message);
            throw;
        }
        catch (Exception) when (!_stopping.IsCancellationRequested)
        {
            channel.TrySendError("The server met an internal error.");
            throw;
        }
    }

    private void Report(long session, SessionEventKind kind, string peer, string message)
        => _options.OnEvent?.Invoke(new SessionEvent(session, kind, peer, message));

    private static void SetTimeout(Stream stream, TimeSpan limit)
    {
        int milliseconds = (int)Math.Min(limit.TotalMilliseconds, int.MaxValue);
        stream.ReadTimeout = milliseconds;
        stream.WriteTimeout = milliseconds;
    }
}
