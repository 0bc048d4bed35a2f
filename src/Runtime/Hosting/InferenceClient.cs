using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>
/// A client's session with an <see cref="InferenceServer"/>. The client learns the prediction; the server learns nothing
/// of the input. One request at a time; calls queue.
/// </summary>
public sealed class InferenceClient : IAsyncDisposable
{
    private readonly ExecutionPlan _plan;
    private readonly ClientSession _session;
    private readonly MessageChannel _channel;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SessionThread _thread = new("inference client");

    private InferenceClient(ExecutionPlan plan, ClientSession session, MessageChannel channel)
    {
        _plan = plan;
        _session = session;
        _channel = channel;
    }

    /// <summary>Inferences whose offline phase is done and not yet used.</summary>
    public int PreparedInferences => _session.PreparedInferences;

    /// <summary>Connects, authenticates the server, and agrees on the plan and on keys.</summary>
    /// <exception cref="PlanFormatException">The plan is invalid.</exception>
    /// <exception cref="PeerProtocolException">The server cannot be reached or trusted, or serves another plan.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<InferenceClient> ConnectAsync(
        ExecutionPlan plan, ConnectOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        PlanVerifier.Require(plan);
        Stream stream = await OpenAsync(options, cancellation);
        MessageChannel channel = new(new StreamChannel(stream, "server"), Party.Client, Party.Server);
        try
        {
            ClientSession session = new(plan, channel, options.Audit);
            InferenceClient client = new(plan, session, channel);
            try
            {
                await client.RunAsync(s => { s.Open(); return true; }, cancellation);
                return client;
            }
            catch
            {
                client._thread.Dispose();
                throw;
            }
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Runs the offline phase of <paramref name="count"/> inferences ahead of their inputs.</summary>
    /// <exception cref="PeerProtocolException">The session failed; it cannot be used further.</exception>
    public Task PrepareAsync(int count = 1, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return RunAsync(
            session =>
            {
                for (int i = 0; i < count; i++)
                    session.Prepare();
                return true;
            },
            cancellation);
    }

    /// <summary>Predicts on one input; runs the offline phase first where none is prepared.</summary>
    /// <param name="input">The tensor, row-major, in the plan's input shape.</param>
    /// <param name="cancellation">Ends the session: the protocol cannot be resumed in its middle.</param>
    /// <exception cref="ArgumentException">The input does not have the plan's number of elements, or holds NaN.</exception>
    /// <exception cref="PeerProtocolException">The session failed; it cannot be used further.</exception>
    public Task<InferenceResult> InferAsync(ReadOnlyMemory<float> input, CancellationToken cancellation = default)
    {
        InferenceInput.Require(_plan, input.Span);
        return RunAsync(session => session.Infer(input.Span), cancellation);
    }

    /// <summary>Says goodbye and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _session.TryClose();
        _channel.Dispose();
        _session.Dispose();
        _thread.Dispose();
        _turn.Dispose();
    }

    private static async Task<Stream> OpenAsync(ConnectOptions options, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Limits.HandshakeTimeout);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, limit.Token);
            Stream stream = await TlsTransport.AuthenticateClientAsync(socket, options, limit.Token);
            int milliseconds = (int)Math.Min(options.Limits.ProgressTimeout.TotalMilliseconds, int.MaxValue);
            stream.ReadTimeout = milliseconds;
            stream.WriteTimeout = milliseconds;
            return stream;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new PeerProtocolException($"No server answers at {options.Host}:{options.Port}: {e.Message}.", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new PeerProtocolException(
                $"The server at {options.Host}:{options.Port} did not complete the connection within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Protocol code blocks, so it has a thread of its own; cancelling closes the connection under it.
    private async Task<T> RunAsync<T>(Func<ClientSession, T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            using CancellationTokenRegistration abort = cancellation.Register(_channel.Dispose);
            return await Task.Factory.StartNew(
                () => work(_session), CancellationToken.None, TaskCreationOptions.HideScheduler, _thread);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }
}
