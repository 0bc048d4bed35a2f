using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Opens connections to servers and dealers.</summary>
internal static class PeerConnector
{
    /// <param name="options">Where the peer is and whom to trust; they make sense.</param>
    /// <param name="peer">Who is there, for messages.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    /// <exception cref="PeerProtocolException">The peer cannot be reached or trusted.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<Stream> OpenAsync(ConnectOptions options, Party peer, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Limits.HandshakeTimeout);
        string name = MessageChannel.Name(peer);
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, limit.Token);
            return await TlsTransport.AuthenticateClientAsync(socket, options, peer, limit.Token);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new OperationCanceledException(cancellation);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new PeerProtocolException($"No {name} answers at {options.Host}:{options.Port}: {e.Message}.", e);
        }
        catch (OperationCanceledException e)
        {
            socket.Dispose();
            throw new PeerProtocolException(
                $"The {name} at {options.Host}:{options.Port} did not complete the connection within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
