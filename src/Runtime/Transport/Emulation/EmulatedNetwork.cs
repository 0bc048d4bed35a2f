using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Transport.Emulation;

/// <summary>
/// A network between a client and a server of this process: it enforces a profile's bandwidth and delay on one connection,
/// in real time or in virtual time. Both ends have to be attached, and all bytes of the connection have to pass.
/// </summary>
/// <remarks>
/// In real time a sender is held back by the transport's own buffers alone, so those should hold what is under way: the
/// product of bandwidth and delay. In virtual time computing takes no time and the threads' real speed does not matter: the
/// same messages give the same times.
/// </remarks>
public sealed class EmulatedNetwork
{
    private readonly LinkDirection _up;
    private readonly LinkDirection _down;
    private readonly ILinkClock _clientClock;
    private readonly ILinkClock _serverClock;

    private EmulatedNetwork(NetworkProfile profile, ILinkClock clientClock, ILinkClock serverClock)
    {
        _up = LinkDirection.Upload(profile);
        _down = LinkDirection.Download(profile);
        _clientClock = clientClock;
        _serverClock = serverClock;
    }

    /// <summary>What the client's clock shows.</summary>
    public TimeSpan ClientTime => TimeSpan.FromSeconds(_clientClock.Now);

    /// <summary>Lets time pass as it does.</summary>
    public static EmulatedNetwork InRealTime(NetworkProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        WallClock clock = new();
        return new EmulatedNetwork(profile, clock, clock);
    }

    /// <summary>Counts the time that the network alone takes, and waits for nothing.</summary>
    public static EmulatedNetwork InVirtualTime(NetworkProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new EmulatedNetwork(profile, new VirtualClock(), new VirtualClock());
    }

    /// <summary>The client's end over a connection; it owns the channel.</summary>
    public IChannel AttachClient(IChannel channel) => new EmulatedChannel(channel, _up, _down, _clientClock);

    /// <summary>The server's end; it owns the channel.</summary>
    public IChannel AttachServer(IChannel channel) => new EmulatedChannel(channel, _down, _up, _serverClock);
}
