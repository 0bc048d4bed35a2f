using System.Diagnostics;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Transport;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Tests.Transport;

public sealed class EmulatedNetworkTests
{
    /// <summary>A megabyte a second up, ten down, 100 ms each way.</summary>
    private static readonly NetworkProfile s_network = new() { Name = "x", UploadMbps = 8, DownloadMbps = 80, RoundTripMs = 200 };

    [Fact]
    public void Bytes_arrive_after_bandwidth_and_delay()
    {
        EmulatedNetwork network = EmulatedNetwork.InVirtualTime(s_network);
        (IChannel client, IChannel server) = Attach(network);

        client.Send(new byte[500_000]);
        server.Receive(new byte[500_000]);
        server.Send(new byte[1_000_000]);
        client.Receive(new byte[1_000_000]);

        Assert.Equal(0.5 + 0.1 + 0.1 + 0.1, network.ClientTime.TotalSeconds, 6);
    }

    [Fact]
    public void Messages_of_one_direction_queue_and_share_the_delay()
    {
        EmulatedNetwork network = EmulatedNetwork.InVirtualTime(s_network);
        (IChannel client, IChannel server) = Attach(network);

        for (int i = 0; i < 4; i++)
            server.Send(new byte[100_000]);
        client.Receive(new byte[400_000]);

        Assert.Equal(0.04 + 0.1, network.ClientTime.TotalSeconds, 6);
    }

    [Fact]
    public void Both_directions_run_at_once()
    {
        EmulatedNetwork network = EmulatedNetwork.InVirtualTime(s_network);
        (IChannel client, IChannel server) = Attach(network);

        client.Send(new byte[300_000]);
        server.Send(new byte[1_000_000]);
        server.Receive(new byte[300_000]);
        client.Receive(new byte[1_000_000]);

        Assert.Equal(0.1 + 0.1, network.ClientTime.TotalSeconds, 6);
    }

    [Fact]
    public void What_is_read_in_pieces_arrives_in_pieces()
    {
        EmulatedNetwork network = EmulatedNetwork.InVirtualTime(s_network);
        (IChannel client, IChannel server) = Attach(network);

        server.Send(new byte[100_000]);
        server.Send(new byte[900_000]);
        client.Receive(new byte[60_000]);
        Assert.Equal(0.01 + 0.1, network.ClientTime.TotalSeconds, 6);
        client.Receive(new byte[40_001]);
        Assert.Equal(0.1 + 0.1, network.ClientTime.TotalSeconds, 6);
    }

    [Fact]
    public void In_real_time_nothing_arrives_early_and_bytes_are_unchanged()
    {
        (IChannel client, IChannel server) = Attach(EmulatedNetwork.InRealTime(s_network));
        byte[] sent = [.. Enumerable.Range(0, 20_000).Select(i => (byte)i)], received = new byte[sent.Length];

        long started = Stopwatch.GetTimestamp();
        client.Send(sent);
        client.Flush();
        server.Receive(received);

        Assert.True(Stopwatch.GetElapsedTime(started).TotalSeconds >= 0.02 + 0.1);
        Assert.Equal(sent, received);
    }

    [Fact]
    public void A_peer_that_goes_away_is_reported_as_ever()
    {
        (IChannel client, IChannel server) = Attach(EmulatedNetwork.InVirtualTime(s_network));

        server.Dispose();

        Assert.Throws<PeerProtocolException>(() => client.Receive(new byte[1]));
    }

    private static (IChannel Client, IChannel Server) Attach(EmulatedNetwork network)
    {
        (MemoryChannel client, MemoryChannel server) = MemoryChannel.CreatePair(capacity: 1 << 21);
        return (network.AttachClient(client), network.AttachServer(server));
    }
}
