using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>Whatever a server does, the client ends with a message that says what happened and what to do.</summary>
public sealed class MisbehavingServerTests
{
    private static readonly ExecutionPlan s_plan = SamplePlans.EveryStep;
    private static readonly SessionLimits s_short = new() { HandshakeTimeout = TimeSpan.FromSeconds(2) };

    [Fact]
    public async Task Nobody_listening_is_named()
    {
        using Socket reserved = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        reserved.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)reserved.LocalEndPoint!).Port;
        string message = await FailureAsync(new ConnectOptions { Host = "127.0.0.1", Port = port });
        Assert.StartsWith($"No server answers at 127.0.0.1:{port}: ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_during_TLS_ends_at_the_handshake_limit()
    {
        await using FakeServer server = FakeServer.Silent();
        Assert.Contains("did not complete the connection within 2 s", await FailureAsync(server.Address(s_short)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silence_after_TLS_ends_at_the_handshake_limit()
    {
        await using FakeServer server = FakeServer.WithTls(_ => { });
        Assert.Contains("The server sent nothing for 2 s", await FailureAsync(server.Address(s_short)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_not_called_untrusted()
    {
        await using FakeServer server = FakeServer.WithoutTls([.. "HTTP/1.1 400 Bad Request\r\n\r\n"u8]);
        Assert.Contains("does not speak TLS 1.3", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_certificate_than_the_trusted_one_is_refused()
    {
        using X509Certificate2 other = ServerCertificate.CreateForLoopback();
        await using FakeServer server = FakeServer.WithTls(_ => { }, other);
        Assert.Contains("another certificate than the one that was given as trusted", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_certificate_is_refused_and_the_remedy_named()
    {
        await using FakeServer server = FakeServer.WithTls(_ => { });
        string message = await FailureAsync(server.Address() with { TrustedCertificate = null });
        Assert.Contains("does not trust; give its certificate or authority (onnx2mpc infer --tls-ca FILE)", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=elsewhere.example", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("elsewhere.example");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddHours(1));
        await using FakeServer server = FakeServer.WithTls(_ => { }, certificate);
        string message = await FailureAsync(server.Address() with { TrustedCertificate = certificate });
        Assert.Contains("a certificate for another name than '127.0.0.1'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Garbage_inside_TLS_is_refused()
    {
        await using FakeServer server = FakeServer.WithTls(peer => peer.Stream.Write(new byte[4096]));
        Assert.Contains("where the plan foresees a Welcome message", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_instead_of_an_answer_is_named()
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            Handshake.ReceiveHello(peer.Channel);
            peer.Stream.Dispose();
        });
        Assert.Contains("The server closed the connection", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_welcome_to_another_plan_is_refused()
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            Handshake.ReceiveHello(peer.Channel);
            Handshake.Accept(peer.Channel, new byte[32]);
        });
        Assert.Contains("accepted the session for another plan", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_inside_the_key_exchange_is_named()
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            Handshake.ReceiveHello(peer.Channel);
            Handshake.Accept(peer.Channel, s_plan.Hash.AsSpan());
            peer.Channel.Receive(new byte[peer.Channel.BeginReceiveAny().Length]);
            peer.Channel.EndReceive();
            peer.Channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerBytes);
            peer.Channel.Send(new byte[30]);
            peer.Channel.Flush();
            peer.Stream.Dispose();
        });
        Assert.Contains("The server closed the connection in the middle", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_are_no_points_of_the_curve_are_refused()
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            Handshake.ReceiveHello(peer.Channel);
            Handshake.Accept(peer.Channel, s_plan.Hash.AsSpan());
            peer.Channel.BeginSend(MessageKind.Setup, Phase.Offline, PlannedMessage.Session, SessionKeys.ServerBytes);
            peer.Channel.Send(new byte[SessionKeys.ServerBytes]);
            peer.Channel.EndSend();
        });
        Assert.Contains("no point of P-256", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reason_cannot_carry_terminal_control_or_bidirectional_text()
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            Handshake.ReceiveHello(peer.Channel);
            peer.Channel.TrySendError("busy\u001b[2J\r\nroot:\u202Egpj.exe\u2028\u009b31m later");
        });
        Assert.Equal("The server ended the session: busy [2J  root: gpj.exe  31m later", await FailureAsync(server.Address()));
    }

    [Theory]
    [InlineData(1025)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task An_oversized_reason_is_not_read(long length)
    {
        await using FakeServer server = FakeServer.WithTls(peer =>
        {
            byte[] header = new byte[MessageHeader.Size];
            new MessageHeader(MessageKind.Error, Phase.Offline, PlannedMessage.Session, length).Write(header);
            peer.Stream.Write(header);
        });
        Assert.Contains("oversized error message", await FailureAsync(server.Address()), StringComparison.Ordinal);
    }

    private static async Task<string> FailureAsync(ConnectOptions options)
        => (await Assert.ThrowsAsync<PeerProtocolException>(() => InferenceClient.ConnectAsync(s_plan, options)).WaitAsync(TestServer.Patience)).Message;
}
