using System.Security.Cryptography;
using System.Text;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Engine;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Hosting;

/// <summary>A message that the plan does not foresee ends its session with the reason, and no other session.</summary>
public sealed class RefusedMessageTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private readonly TestServer _server = fixture.Server;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: example\r\n\r\n")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    [InlineData("SSH-2.0-scanner\r\n")]
    [InlineData("\u0016\u0003\u0001\u0040\u0000")]
    [InlineData("")]
    public async Task Garbage_instead_of_TLS_harms_nobody(string garbage)
    {
        using (RawClient client = RawClient.ConnectPlain(_server))
            await client.Stream.WriteAsync(Encoding.Latin1.GetBytes(garbage));
        using (RawClient client = RawClient.ConnectPlain(_server))
        {
            await client.Stream.WriteAsync(Encoding.Latin1.GetBytes(garbage));
            client.Reset();
        }

        await fixture.RequireUnharmedAsync();
    }

    [Fact]
    public async Task Garbage_inside_TLS_is_refused_by_name()
    {
        using RawClient client = RawClient.ConnectTls(_server);
        await client.Stream.WriteAsync(RandomNumberGenerator.GetBytes(5000).Select(b => (byte)(b | 0x80)).ToArray());
        Assert.Contains("The server ended the session: The peer sent what is no message header", client.ReadReason(), StringComparison.Ordinal);
        client.Dispose();
        await fixture.RequireUnharmedAsync();
    }

    [Fact]
    public async Task A_forged_TLS_record_ends_the_session()
    {
        using RawClient client = RawClient.ConnectTls(_server);
        client.ShakeHands(_server.Plan);
        byte[] record = [0x17, 3, 3, 0, 100, .. RandomNumberGenerator.GetBytes(100)];
        client.Socket.Send(record);
        await _server.RequireEventAsync(SessionEventKind.Failed, "lost while receiving");
        client.Dispose();
        await fixture.RequireUnharmedAsync();
    }

    [Theory]
    [InlineData(0, "does not speak the onnx2mpc protocol")]
    [InlineData(8, "speaks protocol version 5, this server version 4; use the same release")]
    [InlineData(10, "does not claim the client's role")]
    [InlineData(11, "reads plan format 0, this server format 1; use the same release")]
    [InlineData(12, "asks for 129-bit security (40 statistical), this server offers 128 (40)")]
    [InlineData(14, "asks for 128-bit security (41 statistical), this server offers 128 (40)")]
    [InlineData(16, "use the plan file that was compiled together with the server's weights")]
    [InlineData(47, "use the plan file that was compiled together with the server's weights")]
    public async Task A_hello_that_differs_is_answered_with_the_difference(int position, string reason)
    {
        byte[] hello = RawClient.Hello(_server.Plan);
        hello[position] ^= 1;
        using RawClient client = RawClient.ConnectTls(_server);
        client.SendHello(hello);
        string said = client.ReadReason();
        Assert.StartsWith("The server ended the session: ", said, StringComparison.Ordinal);
        Assert.Contains(reason, said, StringComparison.Ordinal);
        await _server.RequireEventAsync(SessionEventKind.Refused, reason);
        client.Dispose();
        await fixture.RequireUnharmedAsync();
    }

    [Fact]
    public async Task A_client_of_another_plan_is_told_so()
    {
        ExecutionPlan other = SamplePlans.EveryStep with { Name = "another" };
        PeerProtocolException failure = await Assert.ThrowsAsync<PeerProtocolException>(() => InferenceClient.ConnectAsync(other, _server.Address()));
        Assert.Contains($"The client holds plan {Convert.ToHexStringLower(other.Hash.AsSpan()[..8])}", failure.Message, StringComparison.Ordinal);
        await fixture.RequireUnharmedAsync();
    }

    [Theory]
    [InlineData(MessageKind.Setup, long.MaxValue)]
    [InlineData(MessageKind.Setup, -1)]
    [InlineData(MessageKind.Setup, 0)]
    [InlineData(MessageKind.Step, 1L << 40)]
    [InlineData(MessageKind.Error, long.MaxValue)]
    [InlineData(MessageKind.Error, -5)]
    [InlineData(MessageKind.Hello, Handshake.HelloBytes)]
    [InlineData((MessageKind)200, 7)]
    public async Task An_unforeseen_message_is_refused_at_its_header(MessageKind kind, long length)
    {
        using RawClient client = RawClient.ConnectTls(_server);
        client.ShakeHands(_server.Plan);
        client.SendHeader(new MessageHeader(kind, Phase.Offline, PlannedMessage.Session, length));
        Assert.StartsWith("The server ended the session: ", client.ReadReason(), StringComparison.Ordinal);
        client.Dispose();
        await fixture.RequireUnharmedAsync();
    }

    [Theory]
    [InlineData(MessageKind.Prepare, 1)]
    [InlineData(MessageKind.Infer, -1)]
    [InlineData(MessageKind.Goodbye, 5)]
    public async Task A_malformed_request_ends_a_running_session(MessageKind kind, long length)
    {
        using RawClient client = RawClient.ConnectTls(_server);
        using ClientSession session = new(_server.Plan, client.Channel, audit: true);
        session.Open();
        session.Prepare();
        client.SendHeader(new MessageHeader(kind, Phase.Online, 0, length));
        Assert.Contains($"The client sent a", client.ReadReason(), StringComparison.Ordinal);
        client.Dispose();
        await fixture.RequireUnharmedAsync();
    }
}
