namespace PrivateInference.Runtime.Hosting;

/// <summary>Something an operator may want to see in a log. It never holds secret data.</summary>
/// <param name="Session">The session's number, counted from 1 by the server.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Peer">The client's address.</param>
/// <param name="Message">In words.</param>
public sealed record SessionEvent(long Session, SessionEventKind Kind, string Peer, string Message);
