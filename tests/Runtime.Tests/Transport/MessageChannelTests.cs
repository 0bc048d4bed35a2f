using System.Text;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Transport;

public sealed class MessageChannelTests
{
    [Fact]
    public void A_message_arrives_and_both_ends_meter_it_alike()
    {
        (MessageChannel client, MessageChannel server) = Pair();
        client.BeginSend(MessageKind.Step, Phase.Online, 3, 5);
        client.Send([1, 2]);
        client.Send([3, 4, 5]);
        client.EndSend();
        server.BeginReceive(MessageKind.Step, Phase.Online, 3, 5);
        byte[] received = new byte[5];
        server.Receive(received);
        server.EndReceive();
        Assert.Equal([1, 2, 3, 4, 5], received);
        Assert.Equal(client.Meter.Messages, server.Meter.Messages);
        PlannedMessage metered = Assert.Single(client.Meter.Take());
        Assert.Equal(PlannedMessage.Create(3, Phase.Online, Party.Client, 5), metered);
        Assert.Empty(client.Meter.Messages);
    }

    [Theory]
    [InlineData(MessageKind.Setup, Phase.Online, 3, 5)]
    [InlineData(MessageKind.Step, Phase.Offline, 3, 5)]
    [InlineData(MessageKind.Step, Phase.Online, 4, 5)]
    [InlineData(MessageKind.Step, Phase.Online, 3, 4)]
    [InlineData(MessageKind.Step, Phase.Online, 3, long.MaxValue)]
    [InlineData(MessageKind.Step, Phase.Online, 3, long.MinValue)]
    [InlineData(MessageKind.Step, Phase.Online, 3, -1)]
    public void A_header_that_differs_is_refused_before_any_payload_is_read(MessageKind kind, Phase phase, int step, long length)
    {
        byte[] header = new byte[MessageHeader.Size];
        new MessageHeader(kind, phase, step, length).Write(header);
        ScriptedChannel wire = new([.. header, 1, 2, 3]);
        MessageChannel server = new(wire, Party.Server, Party.Client);
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => server.BeginReceive(MessageKind.Step, Phase.Online, 3, 5));
        Assert.Contains("Step message of 5 bytes for step 3 (Online)", failure.Message, StringComparison.Ordinal);
        Assert.Equal(MessageHeader.Size, wire.BytesRead);
    }

    [Fact]
    public async Task An_answer_can_be_sent_while_the_question_still_arrives()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair(capacity: 32, timeLimit: TimeSpan.FromSeconds(20));
        MessageChannel client = new(first, Party.Client, Party.Server), server = new(second, Party.Server, Party.Client);
        PlannedMessage question = PlannedMessage.Create(3, Phase.Online, Party.Server, 1000), answer = PlannedMessage.Create(3, Phase.Online, Party.Client, 1000);
        Task asking = Task.Run(() =>
        {
            server.BeginSend(MessageKind.Step, question);
            server.Send(new byte[1000]);
            server.EndSend();
        });
        client.BeginReceive(MessageKind.Step, question);
        client.BeginPost(MessageKind.Step, answer);
        byte[] piece = new byte[250];
        for (int i = 0; i < 4; i++)
        {
            client.Receive(piece);
            piece.AsSpan().Fill((byte)i);
            client.Send(piece);
        }

        client.EndReceive();
        client.EndSend();
        await asking;
        byte[] received = new byte[1000];
        server.BeginReceive(MessageKind.Step, answer);
        server.Receive(received);
        server.EndReceive();
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => (byte)(i / 250)), received);
        Assert.Equal([question, answer], client.Meter.Messages);
        Assert.Equal([question, answer], server.Meter.Messages);
    }

    [Fact]
    public void A_header_survives_its_encoding()
    {
        byte[] bytes = new byte[MessageHeader.Size];
        MessageHeader header = new(MessageKind.Infer, Phase.Online, -1, long.MaxValue - 7);
        header.Write(bytes);
        Assert.Equal(header, MessageHeader.Read(bytes));
    }

    [Fact]
    public void Reserved_header_bytes_are_zero()
    {
        for (int reserved = 2; reserved < 4; reserved++)
        {
            byte[] bytes = new byte[MessageHeader.Size];
            new MessageHeader(MessageKind.Infer, Phase.Online, 0, 0).Write(bytes);
            bytes[reserved] = 1;
            Assert.Throws<PeerProtocolException>(() => MessageHeader.Read(bytes));
        }
    }

    [Fact]
    public void More_or_less_than_was_announced_cannot_be_sent()
    {
        (MessageChannel client, _) = Pair();
        client.BeginSend(MessageKind.Step, Phase.Online, 0, 2);
        client.Send([1]);
        Assert.Throws<InvalidOperationException>(client.EndSend);
        Assert.Throws<InvalidOperationException>(() => client.Send([2, 3]));
        Assert.Throws<InvalidOperationException>(() => client.Receive(new byte[1]));
        Assert.Throws<InvalidOperationException>(() => client.BeginSend(MessageKind.Step, Phase.Online, 0, 1));
    }

    [Fact]
    public void More_or_less_than_was_announced_cannot_be_read()
    {
        (MessageChannel client, MessageChannel server) = Pair();
        client.BeginSend(MessageKind.Step, Phase.Online, 0, 2);
        client.Send([1, 2]);
        client.EndSend();
        server.BeginReceive(MessageKind.Step, Phase.Online, 0, 2);
        Assert.Throws<InvalidOperationException>(() => server.Receive(new byte[3]));
        Assert.Throws<InvalidOperationException>(server.EndReceive);
        Assert.Throws<InvalidOperationException>(() => server.BeginReceiveAny());
    }

    [Fact]
    public void An_error_in_place_of_any_message_gives_its_reason()
    {
        (MessageChannel client, MessageChannel server) = Pair();
        server.TrySendError("the model is being replaced");
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => client.BeginReceive(MessageKind.Welcome, Phase.Offline, -1, 32));
        Assert.Equal("The server ended the session: the model is being replaced", failure.Message);
    }

    [Fact]
    public void A_long_reason_is_cut()
    {
        (MessageChannel client, MessageChannel server) = Pair();
        server.TrySendError(new string('a', 5000));
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => client.BeginReceiveAny());
        Assert.Equal($"The server ended the session: {new string('a', 1024)}", failure.Message);
    }

    [Fact]
    public void No_error_is_sent_into_the_middle_of_a_message()
    {
        (MessageChannel client, MessageChannel server) = Pair();
        server.BeginSend(MessageKind.Step, Phase.Online, 0, 100);
        server.Send([1]);
        server.TrySendError("too late");
        server.Dispose();
        client.BeginReceive(MessageKind.Step, Phase.Online, 0, 100);
        client.Receive(new byte[1]);
        Assert.Throws<PeerProtocolException>(() => client.Receive(new byte[1]));
    }

    [Fact]
    public void A_failed_send_reports_the_reason_that_the_peer_left_behind()
    {
        byte[] reason = Encoding.UTF8.GetBytes("another plan");
        byte[] header = new byte[MessageHeader.Size];
        new MessageHeader(MessageKind.Error, Phase.Offline, PlannedMessage.Session, reason.Length).Write(header);
        MessageChannel client = new(new ScriptedChannel([.. header, .. reason]) { SendFailure = new PeerProtocolException("reset") }, Party.Client, Party.Server);
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => client.BeginSend(MessageKind.Step, Phase.Online, 0, 1));
        Assert.Equal("The server ended the session: another plan", failure.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_failed_send_stays_itself_where_the_peer_left_no_reason(bool timedOut)
    {
        byte[] header = new byte[MessageHeader.Size];
        new MessageHeader(timedOut ? MessageKind.Error : MessageKind.Step, Phase.Offline, 0, 0).Write(header);
        PeerProtocolException lost = new("lost") { TimedOut = timedOut };
        MessageChannel client = new(new ScriptedChannel(header) { SendFailure = lost }, Party.Client, Party.Server);
        Assert.Same(lost, Assert.Throws<PeerProtocolException>(() => client.BeginSend(MessageKind.Step, Phase.Online, 0, 1)));
    }

    private static (MessageChannel Client, MessageChannel Server) Pair()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair(timeLimit: TimeSpan.FromSeconds(60));
        return (new MessageChannel(first, Party.Client, Party.Server), new MessageChannel(second, Party.Server, Party.Client));
    }

    /// <summary>Plays given bytes; sending succeeds or fails as set.</summary>
    private sealed class ScriptedChannel(byte[] incoming) : IChannel
    {
        public int BytesRead { get; private set; }

        public PeerProtocolException? SendFailure { get; init; }

        public void Send(ReadOnlySpan<byte> data)
        {
            if (SendFailure is not null)
                throw SendFailure;
        }

        public void Post(ReadOnlySpan<byte> data) => Send(data);

        public void Flush()
        {
            // Nothing is buffered.
        }

        public void Receive(Span<byte> data)
        {
            if (data.Length > incoming.Length - BytesRead)
                throw new PeerProtocolException("The script is over.");
            incoming.AsSpan(BytesRead, data.Length).CopyTo(data);
            BytesRead += data.Length;
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
