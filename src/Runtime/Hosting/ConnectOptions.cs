using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where a client finds its server and how it knows that it is the right one.</summary>
public sealed record ConnectOptions
{
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>Use TLS 1.3. Without it anyone on the way could tamper with the session, so only loopback addresses are reached.</summary>
    public bool UseTls { get; init; } = true;

    /// <summary>
    /// The server's own certificate, or the authority that signed it. Null: the machine's trusted authorities decide.
    /// </summary>
    public X509Certificate2? TrustedCertificate { get; init; }

    public SessionLimits Limits { get; init; } = new();

    /// <summary>Slows the connection down as a network would, for trials where the other end is in this process; null for none.</summary>
    public EmulatedNetwork? Emulation { get; init; }

    /// <summary>Compare every message with the plan's prediction and fail on a difference.</summary>
    public bool Audit { get; init; }
}
