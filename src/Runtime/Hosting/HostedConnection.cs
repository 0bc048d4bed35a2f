using System.Diagnostics;
using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>
/// One accepted connection on its thread: TLS, handshake, session, farewell. Whatever the peer does, <see cref="Run"/>
/// returns, reports once how it ended, and leaves nothing behind.
/// </summary>
/// <param name="options">The host's.</param>
/// <param name="self">Who the host is.</param>
/// <param name="peer">Who connects, for messages.</param>
/// <param name="socket">Owned by the connection.</param>
/// <param name="report">Receives what happens.</param>
internal abstract class HostedConnection(ListenOptions options, Party self, Party peer, Socket socket, Action<SessionEventKind, string> report)
{
    // How much and how long a client may still send after its session has failed, so that it gets to read why.
    private const long FarewellBytes = 64 << 20;
    private static readonly TimeSpan s_farewellTime = TimeSpan.FromSeconds(2);

    public void Run(CancellationToken stopping)
    {
        try
        {
            // One deadline for TLS and the handshake together: a client that dribbles bytes does not extend it.
            using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            deadline.CancelAfter(options.Limits.HandshakeTimeout);
            try
            {
                Converse(deadline);
            }
            catch (Exception e) when (deadline.IsCancellationRequested)
            {
                if (stopping.IsCancellationRequested)
                    report(SessionEventKind.Closed, $"The server is stopping ({e.GetType().Name}).");
                else
                    report(SessionEventKind.Failed, $"The peer did not complete the handshake within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s.");
            }
        }
        catch (PeerProtocolException e)
        {
            report(SessionEventKind.Failed, e.Message);
        }
#pragma warning disable CA1031 // A session may fail in ways not foreseen; that must never take the server down.
        catch (Exception e)
#pragma warning restore CA1031
        {
            report(SessionEventKind.Failed, $"Internal error: {e}");
        }
        finally
        {
            socket.Dispose();
        }
    }

    /// <summary>Handshake and session on an authenticated stream.</summary>
    /// <param name="stream">Its timeouts are those of the handshake.</param>
    /// <param name="channel">Over the stream.</param>
    /// <param name="deadline">Of the handshake; to be put off when that is over.</param>
    /// <returns>Why the peer was refused; null when it was served and has said goodbye.</returns>
    protected abstract string? Serve(Stream stream, MessageChannel channel, CancellationTokenSource deadline);

    private void Converse(CancellationTokenSource deadline)
    {
        using Stream stream = TlsTransport.AuthenticateServerAsync(socket, options.Certificate, deadline.Token).GetAwaiter().GetResult();
        using CancellationTokenRegistration abort = deadline.Token.Register(stream.Dispose);
        StreamChannel connection = new(stream, MessageChannel.Name(peer));
        using MessageChannel channel = new(options.Emulation?.AttachServer(connection) ?? connection, self, peer);
        string? farewell;
        try
        {
            StreamTimeouts.Set(stream, options.Limits.HandshakeTimeout);
            farewell = Serve(stream, channel, deadline);
        }
        catch (PeerProtocolException e) when (!deadline.IsCancellationRequested)
        {
            report(SessionEventKind.Failed, e.Message);
            farewell = e.Message;
        }
#pragma warning disable CA1031 // See Run.
        catch (Exception e) when (!deadline.IsCancellationRequested)
#pragma warning restore CA1031
        {
            report(SessionEventKind.Failed, $"Internal error: {e}");
            farewell = "An internal error.";
        }

        if (farewell is not null)
            SayFarewell(stream, channel, farewell);
    }

    // Closing a socket with unread bytes resets the connection, and a reset overtakes the reason. So the rest of what the
    // client is sending is read and dropped for a moment.
    private void SayFarewell(Stream stream, MessageChannel channel, string reason)
    {
        long started = Stopwatch.GetTimestamp();
        try
        {
            StreamTimeouts.Set(stream, s_farewellTime);
            channel.TrySendError(reason);
            socket.Shutdown(SocketShutdown.Send);
            byte[] dropped = new byte[1 << 16];
            for (long received = 0; received < FarewellBytes;)
            {
                TimeSpan left = s_farewellTime - Stopwatch.GetElapsedTime(started);
                if (left.TotalMilliseconds < 1)
                    return;
                socket.ReceiveTimeout = (int)left.TotalMilliseconds;
                int count = socket.Receive(dropped);
                if (count == 0)
                    return;
                received += count;
            }
        }
        catch (Exception e) when (e is SocketException or IOException or ObjectDisposedException)
        {
            // The client has gone, or keeps silent until the end, or the server is stopping.
        }
    }
}
