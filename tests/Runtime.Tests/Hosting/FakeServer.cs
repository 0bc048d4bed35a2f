using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>Accepts one connection and treats it as a test says.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _done = new();
    private readonly Task _serving;

    private FakeServer(Func<Socket, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _serving = ServeAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Never answers, and never closes.</summary>
    public static FakeServer Silent() => new(_ => Task.CompletedTask);

    /// <summary>Answers whatever comes with these bytes, without TLS.</summary>
    public static FakeServer WithoutTls(byte[] answer) => new(async socket =>
    {
        await socket.ReceiveAsync(new byte[64]);
        await socket.SendAsync(answer);
    });

    /// <summary>Goes through TLS, then does what the test says, then keeps the connection open in silence.</summary>
    public static FakeServer WithTls(Action<RawPeer> converse, X509Certificate2? certificate = null) => new(async socket =>
    {
        SslStream tls = new(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsServerAsync(certificate ?? TestServer.Certificate);
        converse(new RawPeer(tls, new MessageChannel(new StreamChannel(tls, "client"), Party.Server, Party.Client)));
    });

    public ConnectOptions Address(SessionLimits? limits = null) => new()
    {
        Host = "127.0.0.1",
        Port = Port,
        TrustedCertificate = TestServer.Certificate,
        Limits = limits ?? new SessionLimits(),
    };

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        _listener.Dispose();
        await _serving;
        _done.Dispose();
    }

    private async Task ServeAsync(Func<Socket, Task> serve)
    {
        try
        {
            using Socket socket = await _listener.AcceptAsync(_done.Token);
            await serve(socket);
            await Task.Delay(Timeout.Infinite, _done.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or PeerProtocolException
            or System.Security.Authentication.AuthenticationException)
        {
            // The client has gone, or the test is over.
        }
    }
}

/// <summary>The fake server's view of its client.</summary>
internal sealed record RawPeer(Stream Stream, MessageChannel Channel);
