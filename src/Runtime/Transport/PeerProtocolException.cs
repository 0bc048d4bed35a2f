namespace PrivateInference.Runtime.Transport;

/// <summary>The peer went away, was silent too long, or sent what the protocol does not allow. The session is over.</summary>
public sealed class PeerProtocolException : Exception
{
    public PeerProtocolException(string message)
        : base(message)
    {
    }

    public PeerProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The peer neither sent nor read within the time limit: it may still be connected.</summary>
    public bool TimedOut { get; init; }
}
