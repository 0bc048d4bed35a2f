using System.Net;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where a host listens and what it grants those that connect.</summary>
public record ListenOptions
{
    /// <summary>Port 0 asks the system for a free one; see the host's end point.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The certificate with its private key; null serves without TLS, which the library allows on loopback only.</summary>
    public X509Certificate2? Certificate { get; init; }

    public SessionLimits Limits { get; init; } = new();

    /// <summary>Compare every message with the plan's prediction and end the session on a difference.</summary>
    public bool Audit { get; init; }

    /// <summary>Slows the connection down as a network would, for trials where the other end is in this process; null for none. The network is one connection's: serve one session with it.</summary>
    public EmulatedNetwork? Emulation { get; init; }

    /// <summary>Receives what happens to sessions; called from session threads.</summary>
    public Action<SessionEvent>? OnEvent { get; init; }

    /// <exception cref="ArgumentException">A limit leaves no room for any session.</exception>
    /// <exception cref="InvalidOperationException">No certificate, and the address is not a loopback one.</exception>
    internal void Require()
    {
        SessionLimits.Require(Limits);
        if (Certificate is null && !IPAddress.IsLoopback(Listen.Address))
            throw new InvalidOperationException($"Listening on {Listen} needs a TLS certificate; without one only loopback addresses are served.");
    }
}
