namespace PrivateInference.Runtime.Hosting;

/// <summary>What happened to a server's session.</summary>
public enum SessionEventKind
{
    Opened,
    Prepared,
    Inferred,
    Closed,
    Refused,
    Failed,
}
