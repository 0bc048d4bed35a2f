using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>
/// One direction of a network: bytes leave one after the other at the bandwidth, and arrive a delay later. Times are
/// seconds on any clock. The sender's thread transmits, the receiver's asks for arrivals.
/// </summary>
internal sealed class LinkDirection(double bytesPerSecond, double delaySeconds)
{
    private readonly Lock _lock = new();
    private readonly Queue<(long LastByte, double Arrival)> _underWay = new();
    private double _free;
    private long _sent;
    private long _received;

    public double DelaySeconds => delaySeconds;

    /// <summary>From client to server.</summary>
    public static LinkDirection Upload(NetworkProfile network) => new(network.UploadMbps * 1e6 / 8, network.RoundTripMs / 2000);

    /// <summary>From server to client.</summary>
    public static LinkDirection Download(NetworkProfile network) => new(network.DownloadMbps * 1e6 / 8, network.RoundTripMs / 2000);

    /// <summary>Sends bytes at a time, behind what was sent before.</summary>
    /// <returns>When the last of them arrives.</returns>
    public double Transmit(double now, long bytes)
    {
        _free = Math.Max(_free, now) + (bytes / bytesPerSecond);
        return _free + delaySeconds;
    }

    /// <summary>As <see cref="Transmit"/>, and notes the arrival for <see cref="Receive"/>.</summary>
    public void Send(double now, int bytes)
    {
        lock (_lock)
        {
            _sent += bytes;
            _underWay.Enqueue((_sent, Transmit(now, bytes)));
        }
    }

    /// <summary>When the next bytes, which have been sent, have all arrived.</summary>
    public double Receive(int bytes)
    {
        lock (_lock)
        {
            _received += bytes;
            while (_underWay.Peek().LastByte < _received)
                _underWay.Dequeue();
            return _underWay.Peek().Arrival;
        }
    }
}
