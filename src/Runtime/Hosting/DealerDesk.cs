using PrivateInference.Runtime.Protocols.Dealer;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Sessions that a client has opened at a dealer and its server has not joined yet. Bounded in number and time.</summary>
internal sealed class DealerDesk(DealtProgram program, SessionLimits limits)
{
    private readonly Dictionary<string, (DealerSession Session, long Opened)> _waiting = [];
    private readonly Lock _lock = new();

    /// <summary>Opens a session.</summary>
    /// <returns>Null where too many wait, or the ticket was used before.</returns>
    public DealerSession? Open(DealerTicket ticket)
    {
        lock (_lock)
        {
            DropExpired();
            if (_waiting.Count >= limits.MaxSessions + limits.MaxPendingConnections)
                return null;
            DealerSession session = new(program);
            return _waiting.TryAdd(ticket.Key, (session, Environment.TickCount64)) ? session : null;
        }
    }

    /// <summary>Hands a session to its server, once.</summary>
    /// <returns>Null where no client has opened it, or too long ago.</returns>
    public DealerSession? Join(DealerTicket ticket)
    {
        lock (_lock)
        {
            DropExpired();
            return _waiting.Remove(ticket.Key, out (DealerSession Session, long Opened) waiting) ? waiting.Session : null;
        }
    }

    // A server joins within its own handshake, and so does the client that waits for it.
    private void DropExpired()
    {
        if (limits.HandshakeTimeout == Timeout.InfiniteTimeSpan)
            return;
        double expired = Environment.TickCount64 - (2 * limits.HandshakeTimeout.TotalMilliseconds);
        foreach (string key in _waiting.Where(w => w.Value.Opened < expired).Select(w => w.Key).ToArray())
            _waiting.Remove(key);
    }
}
