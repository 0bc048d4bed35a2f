using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
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
    private Exception? _failure;
    private bool _disposed;

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
    /// <exception cref="ArgumentException">The limits make no sense, or another machine is to be reached without TLS.</exception>
    /// <exception cref="PeerProtocolException">The server cannot be reached or trusted, or serves another plan.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<InferenceClient> ConnectAsync(
        ExecutionPlan plan, ConnectOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        PlanVerifier.Require(plan);
        ConnectOptions.Require(options);
        Stream stream = await PeerConnector.OpenAsync(options, Party.Server, cancellation);
        StreamTimeouts.Set(stream, options.Limits.HandshakeTimeout);
        StreamChannel connection = new(stream, "server");
        MessageChannel channel = new(options.Emulation?.AttachClient(connection) ?? connection, Party.Client, Party.Server);
        ClientSession session = new(plan, channel, options.Audit, options.Threads)
        {
            OnAccepted = () => StreamTimeouts.Set(stream, options.Limits.ProgressTimeout),
            StoreOnly = options.StoreOnly,
            OnNotice = options.OnNotice ?? (_ => { }),
        };
        InferenceClient client = new(plan, session, channel);
        await client.OpenAsync(options, cancellation);
        return client;
    }

    /// <summary>Takes stored material, or runs the offline phase, of <paramref name="count"/> inferences ahead of their inputs.</summary>
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

    /// <summary>Inferences for which client and server, as far as the client knows, have stored material.</summary>
    /// <exception cref="PeerProtocolException">The session failed; it cannot be used further.</exception>
    public Task<int> CountStoredAsync(CancellationToken cancellation = default) => RunAsync(session => session.StoredInferences, cancellation);

    /// <summary>
    /// Runs the offline phase of an inference and stores what it leaves, on both sides, for a later session. Where the stores take no more,
    /// the connection ends.
    /// </summary>
    /// <param name="cancellation">Ends the session. What was stored before stays, and what was not is deleted.</param>
    /// <exception cref="StoreException">A store takes no more, or the server has none.</exception>
    /// <exception cref="PeerProtocolException">The session failed; it cannot be used further.</exception>
    /// <exception cref="InvalidOperationException">The connection was made without a store.</exception>
    public Task PreprocessAsync(CancellationToken cancellation = default) => RunAsync(session => { session.Keep(); return true; }, cancellation);

    /// <summary>Predicts on one input; takes stored material or runs the offline phase first where none is prepared.</summary>
    /// <param name="input">The tensor, row-major, in the plan's input shape.</param>
    /// <param name="cancellation">Ends the session: the protocol cannot be resumed in its middle.</param>
    /// <exception cref="ArgumentException">The input does not have the plan's number of elements, or holds NaN.</exception>
    /// <exception cref="PeerProtocolException">The session failed; it cannot be used further.</exception>
    public Task<InferenceResult> InferAsync(ReadOnlyMemory<float> input, CancellationToken cancellation = default)
    {
        InferenceInput.Require(_plan, input.Span);
        return RunAsync(session => session.Infer(input.Span), cancellation);
    }

    /// <summary>Says goodbye and closes the connection, after the calls that are under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_failure is null && !_disposed)
                _session.TryClose();
            _disposed = true;
            Close();
        }
        finally
        {
            // Calls that still queue get their turn, and learn that the client is disposed.
            _turn.Release();
        }
    }

    private async Task OpenAsync(ConnectOptions options, CancellationToken cancellation)
    {
        if (options.Dealer is not { } dealer)
        {
            await RunAsync(session => { Open(session, options.Store); return true; }, cancellation);
            return;
        }

        Stream stream;
        try
        {
            stream = await PeerConnector.OpenAsync(dealer, Party.Helper, cancellation);
        }
        catch
        {
            Close();
            throw;
        }

        StreamTimeouts.Set(stream, dealer.Limits.HandshakeTimeout);
        using MessageChannel channel = new(new StreamChannel(stream, "dealer"), Party.Client, Party.Helper);
        await RunAsync(session => { session.Open(channel); return true; }, cancellation);
    }

    private static void Open(ClientSession session, PreprocessingStore? store)
    {
        if (store is null)
            session.Open();
        else
            session.Open(store);
    }

    private async Task<T> RunAsync<T>(Func<ClientSession, T> work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_failure is not null)
                throw new PeerProtocolException($"The session has ended before; connect again. It ended because: {_failure.Message}", _failure);
            return await RunTurnAsync(work, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    // Protocol code blocks, so it has a thread of its own; cancelling closes the connection under it.
    private async Task<T> RunTurnAsync<T>(Func<ClientSession, T> work, CancellationToken cancellation)
    {
        try
        {
            T result;
            await using (cancellation.Register(_channel.Dispose))
            {
                result = await Task.Factory.StartNew(
                    () => work(_session), CancellationToken.None, TaskCreationOptions.HideScheduler, _thread);
            }

            cancellation.ThrowIfCancellationRequested();
            return result;
        }
        catch (Exception e)
        {
            _failure = cancellation.IsCancellationRequested ? new OperationCanceledException("A request was cancelled.", e, cancellation) : e;
            Close();
            if (cancellation.IsCancellationRequested)
                throw _failure;
            throw;
        }
    }

    private void Close()
    {
        _channel.Dispose();
        _session.Dispose();
        _thread.Dispose();
    }
}
