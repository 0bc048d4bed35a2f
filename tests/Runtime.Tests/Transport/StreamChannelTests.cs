using System.Net;
using System.Net.Sockets;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Transport;

public sealed class StreamChannelTests : IDisposable
{
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly NetworkStream _nearStream;
    private readonly StreamChannel _channel;

    public StreamChannelTests()
    {
        using Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _near.Connect(listener.LocalEndPoint!);
        _far = listener.Accept();
        _nearStream = new NetworkStream(_near, ownsSocket: true) { ReadTimeout = 60_000, WriteTimeout = 60_000 };
        _channel = new StreamChannel(_nearStream, "server");
    }

    public void Dispose()
    {
        _channel.Dispose();
        _far.Dispose();
    }

    [Fact]
    public async Task Bytes_of_any_piece_sizes_arrive_in_order()
    {
        int[] sizes = [1, 65535, 65536, 65537, 3, 200_000, 0, 17];
        byte[] sent = new byte[sizes.Sum()];
        new Random(1).NextBytes(sent);
        using StreamChannel far = new(new NetworkStream(_far, ownsSocket: false) { ReadTimeout = 60_000 }, "client");
        Task sending = Task.Run(() =>
        {
            int position = 0;
            foreach (int size in sizes)
            {
                _channel.Send(sent.AsSpan(position, size));
                position += size;
            }

            _channel.Flush();
        });
        byte[] received = new byte[sent.Length];
        far.Receive(received.AsSpan(0, 5));
        far.Receive(received.AsSpan(5, 131_000));
        far.Receive(received.AsSpan(131_005));
        await sending;
        Assert.Equal(sent, received);
    }

    // Far more than the kernel's buffers take: with Send both would wait for the other to read.
    [Fact]
    public async Task Parties_that_post_can_both_send_before_either_reads()
    {
        using StreamChannel far = new(new NetworkStream(_far, ownsSocket: false) { ReadTimeout = 60_000, WriteTimeout = 60_000 }, "client");
        byte[] there = new byte[32 << 20], back = new byte[32 << 20];
        new Random(2).NextBytes(there);
        new Random(3).NextBytes(back);
        Task<byte[]> other = Task.Run(() => Exchange(far, back));
        Assert.Equal(back, Exchange(_channel, there));
        Assert.Equal(there, await other);

        static byte[] Exchange(StreamChannel channel, byte[] data)
        {
            channel.Send([1, 2, 3]);
            for (int start = 0; start < data.Length; start += 100_000)
                channel.Post(data.AsSpan(start, Math.Min(100_000, data.Length - start)));
            channel.Send([4]);
            byte[] before = new byte[3], received = new byte[data.Length], after = new byte[1];
            channel.Receive(before);
            channel.Receive(received);
            channel.Receive(after);
            channel.Flush();
            Assert.Equal([1, 2, 3], before);
            Assert.Equal([4], after);
            return received;
        }
    }

    [Fact]
    public async Task A_failure_to_post_shows_at_the_next_flush()
    {
        _far.Dispose();
        byte[] data = new byte[1 << 20];
        PeerProtocolException failure = await Assert.ThrowsAsync<PeerProtocolException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                _channel.Post(data);
                await Task.Yield();
                _channel.Flush();
            }
        });
        Assert.Contains("server", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receiving_sends_what_is_queued_first()
    {
        _channel.Send([42]);
        _far.ReceiveTimeout = 60_000;
        Task echo = Task.Run(() =>
        {
            byte[] one = new byte[1];
            _far.Receive(one);
            _far.Send(one);
        });
        byte[] answer = new byte[1];
        _channel.Receive(answer);
        Assert.Equal(42, answer[0]);
        await echo.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void A_silent_peer_ends_at_the_time_limit()
    {
        _nearStream.ReadTimeout = 50;
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => _channel.Receive(new byte[1]));
        Assert.True(failure.TimedOut);
        Assert.Contains("The server sent nothing for 0.1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_does_not_read_ends_at_the_time_limit()
    {
        _near.SendBufferSize = 4096;
        _far.ReceiveBufferSize = 4096;
        _nearStream.WriteTimeout = 50;
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => _channel.Send(new byte[64 << 20]));
        Assert.True(failure.TimedOut);
        Assert.Contains("The server did not read for 0.1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_peer_that_closes_is_named_and_not_taken_for_silent()
    {
        _far.Dispose();
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(() => _channel.Receive(new byte[1]));
        Assert.False(failure.TimedOut);
        Assert.Contains("The server closed the connection", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reset_is_named_and_not_taken_for_silence()
    {
        _far.LingerState = new LingerOption(enable: true, seconds: 0);
        _far.Dispose();
        Action sending = () =>
        {
            while (true)
                _channel.Send(new byte[1 << 20]);
        };
        PeerProtocolException failure = Assert.Throws<PeerProtocolException>(sending);
        Assert.False(failure.TimedOut);
        Assert.Contains("The connection to the server was lost while sending.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Disposing_wakes_a_waiting_receiver()
    {
        Task waiting = Task.Factory.StartNew(
            () => _channel.Receive(new byte[1]), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.Delay(20);
        _channel.Dispose();
        await Assert.ThrowsAsync<PeerProtocolException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(60)));
    }
}
