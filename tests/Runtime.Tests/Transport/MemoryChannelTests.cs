using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Transport;

public sealed class MemoryChannelTests
{
    [Fact]
    public async Task Bytes_arrive_in_order_through_a_small_buffer()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair(capacity: 7);
        byte[] sent = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        Task sending = Task.Run(() => first.Send(sent));
        byte[] received = new byte[1000];
        second.Receive(received.AsSpan(0, 3));
        second.Receive(received.AsSpan(3));
        await sending;
        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Directions_are_independent()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send([1]);
        second.Send([2]);
        byte[] received = new byte[1];
        first.Receive(received);
        Assert.Equal(2, received[0]);
        await Task.Run(() => second.Receive(received));
        Assert.Equal(1, received[0]);
    }

    [Fact]
    public void What_was_sent_before_closing_still_arrives()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        first.Send([1, 2]);
        first.Dispose();
        byte[] received = new byte[2];
        second.Receive(received);
        Assert.Equal([1, 2], received);
        Assert.Throws<PeerProtocolException>(() => second.Receive(received));
    }

    [Fact]
    public void Sending_to_a_closed_end_fails()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        second.Dispose();
        Assert.Throws<PeerProtocolException>(() => first.Send([1]));
    }

    [Fact]
    public async Task Closing_wakes_a_waiting_receiver()
    {
        (MemoryChannel first, MemoryChannel second) = MemoryChannel.CreatePair();
        Task waiting = Task.Run(() => second.Receive(new byte[1]));
        first.Dispose();
        await Assert.ThrowsAsync<PeerProtocolException>(() => waiting);
    }

    [Fact]
    public void A_silent_peer_ends_at_the_time_limit()
    {
        (_, MemoryChannel second) = MemoryChannel.CreatePair(capacity: 1, timeLimit: TimeSpan.FromMilliseconds(20));
        Assert.Throws<PeerProtocolException>(() => second.Receive(new byte[1]));
        Assert.Throws<PeerProtocolException>(() => second.Send(new byte[2]));
    }
}
