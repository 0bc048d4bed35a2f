namespace PrivateInference.Runtime.Hosting;

/// <summary>How long and how much a party grants its peer. Every wait and every allocation for a peer is bounded by these.</summary>
public sealed record SessionLimits
{
    /// <summary>From the accepted connection to the end of TLS and the protocol handshake. Default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest silence, and the longest refusal to read, inside a running request. Default 2 minutes.</summary>
    public TimeSpan ProgressTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The longest pause between two requests of a session. Default 10 minutes.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Sessions that a server runs at once; a further client is told to come back later. Default 8.</summary>
    public int MaxSessions { get; init; } = 8;

    /// <summary>
    /// Connections that may be on their way to a session, or out of one, beyond <see cref="MaxSessions"/>; further ones are
    /// closed unheard. Default 32.
    /// </summary>
    public int MaxPendingConnections { get; init; } = 32;

    /// <summary>Prepared inferences that a session may hold. Default 4.</summary>
    public int MaxPreparedInferences { get; init; } = 4;

    /// <exception cref="ArgumentException">A limit leaves no room for any session.</exception>
    internal static void Require(SessionLimits limits)
    {
        if (!IsPossible(limits.HandshakeTimeout) || !IsPossible(limits.ProgressTimeout) || !IsPossible(limits.IdleTimeout))
            throw new ArgumentException("A time limit lies between a millisecond and 24 days, or is infinite.", nameof(limits));
        if (Math.Min(limits.MaxSessions, Math.Min(limits.MaxPendingConnections, limits.MaxPreparedInferences)) < 1)
            throw new ArgumentException("There must be room for one session, one pending connection and one prepared inference.", nameof(limits));
    }

    private static bool IsPossible(TimeSpan limit)
        => limit == Timeout.InfiniteTimeSpan || limit.TotalMilliseconds is >= 1 and <= int.MaxValue;
}
