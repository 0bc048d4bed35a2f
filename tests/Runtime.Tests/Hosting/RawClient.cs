using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>A connection to a server on which a test sends whatever it likes.</summary>
internal sealed class RawClient : IDisposable
{
    private RawClient(Socket socket, Stream stream)
    {
        Socket = socket;
        Stream = stream;
        stream.ReadTimeout = stream.WriteTimeout = (int)TestServer.Patience.TotalMilliseconds;
        Bytes = new StreamChannel(stream, "server");
        Channel = new MessageChannel(Bytes, Party.Client, Party.Server);
    }

    public Socket Socket { get; }

    public Stream Stream { get; }

    public StreamChannel Bytes { get; }

    public MessageChannel Channel { get; }

    public static RawClient ConnectPlain(TestServer server)
    {
        Socket socket = Connect(server, receiveBuffer: null);
        return new RawClient(socket, new NetworkStream(socket, ownsSocket: true));
    }

    public static RawClient ConnectTls(TestServer server, int? receiveBuffer = null)
    {
        Socket socket = Connect(server, receiveBuffer);
        SslStream tls = new(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, certificate, _, _) => TestServer.Certificate.Equals(certificate));
        tls.AuthenticateAsClient("localhost");
        return new RawClient(socket, tls);
    }

    /// <summary>A correct hello of the plan, for a test to spoil.</summary>
    public static byte[] Hello(ExecutionPlan plan)
    {
        byte[] hello = new byte[Handshake.HelloBytes];
        "ONNX2MPC"u8.CopyTo(hello);
        BinaryPrimitives.WriteUInt16LittleEndian(hello.AsSpan(8), Handshake.ProtocolVersion);
        hello[10] = (byte)Party.Client;
        hello[11] = ExecutionPlan.FormatVersion;
        BinaryPrimitives.WriteUInt16LittleEndian(hello.AsSpan(12), Handshake.ComputationalSecurity);
        BinaryPrimitives.WriteUInt16LittleEndian(hello.AsSpan(14), Handshake.StatisticalSecurity);
        plan.Hash.CopyTo(hello, 16);
        return hello;
    }

    public void SendHello(byte[] hello)
    {
        Channel.BeginSend(MessageKind.Hello, Phase.Offline, PlannedMessage.Session, hello.Length);
        Channel.Send(hello);
        Channel.EndSend();
    }

    public void ShakeHands(ExecutionPlan plan)
    {
        SendHello(Hello(plan));
        Channel.BeginReceive(MessageKind.Welcome, Phase.Offline, PlannedMessage.Session, Handshake.WelcomeBytes);
        Channel.Receive(new byte[Handshake.WelcomeBytes]);
        Channel.EndReceive();
    }

    public void SendHeader(MessageHeader header)
    {
        byte[] bytes = new byte[MessageHeader.Size];
        header.Write(bytes);
        Bytes.Send(bytes);
        Bytes.Flush();
    }

    /// <summary>Why the server ended the session.</summary>
    public string ReadReason() => Assert.Throws<PeerProtocolException>(() => Channel.BeginReceiveAny()).Message;

    /// <summary>Closes with a reset, as a crashing process does.</summary>
    public void Reset()
    {
        Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        Socket.Dispose();
    }

    public void Dispose() => Stream.Dispose();

    private static Socket Connect(TestServer server, int? receiveBuffer)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        socket.Connect(IPAddress.Loopback, server.Port);
        return socket;
    }
}
