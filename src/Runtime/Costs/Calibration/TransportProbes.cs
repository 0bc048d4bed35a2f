using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Costs.Calibration;

/// <summary>A connection of this machine with itself, under TLS as in sessions.</summary>
internal sealed class TransportProbes : IDisposable
{
    /// <summary>Fits the system's buffers, so that neither side waits for the other.</summary>
    private const int Bytes = 1 << 17;

    private const int Piece = 1 << 14;
    private const int RoundTrips = 50;
    private const int SmallMessage = 64;

    private readonly StreamChannel _near;
    private readonly StreamChannel _far;
    private readonly byte[] _piece = new byte[Piece];
    private int _underWay;

    public TransportProbes()
    {
        using X509Certificate2 certificate = ServerCertificate.CreateForLoopback();
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        ConnectOptions options = new() { Host = "localhost", Port = ((IPEndPoint)listener.LocalEndPoint!).Port, TrustedCertificate = certificate };
        Socket near = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        near.Connect(listener.LocalEndPoint!);
        Task<Stream> serving = TlsTransport.AuthenticateServerAsync(listener.Accept(), certificate, CancellationToken.None);
        _near = new StreamChannel(TlsTransport.AuthenticateClientAsync(near, options, Party.Server, CancellationToken.None).GetAwaiter().GetResult(), "server");
        _far = new StreamChannel(serving.GetAwaiter().GetResult(), "client");
    }

    public IEnumerable<Probe> All =>
    [
        new(Primitive.SentByte, Bytes, Pour) { Prepare = Drain },
        new(Primitive.ReceivedByte, Bytes, Drain) { Prepare = Pour },
        new(Primitive.Message, 2 * RoundTrips, () => Both(() => Exchange(_near, first: true), () => Exchange(_far, first: false))),
    ];

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    private static void Both(Action near, Action far)
    {
        Task other = Task.Factory.StartNew(far, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        near();
        other.GetAwaiter().GetResult();
    }

    private void Pour()
    {
        for (int sent = 0; sent < Bytes; sent += Piece)
            _near.Send(_piece);
        _near.Flush();
        _underWay += Bytes;
    }

    private void Drain()
    {
        for (; _underWay > 0; _underWay -= Piece)
            _far.Receive(_piece);
    }

    private static void Exchange(StreamChannel channel, bool first)
    {
        byte[] message = new byte[SmallMessage];
        for (int i = 0; i < RoundTrips; i++)
        {
            if (!first)
                channel.Receive(message);
            channel.Send(message);
            channel.Flush();
            if (first)
                channel.Receive(message);
        }
    }
}
