using System.Net;
using System.Security.Cryptography.X509Certificates;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Transport.Emulation;

namespace PrivateInference.Runtime.Hosting;

/// <summary>Where a party finds its server or dealer, and how it knows that it is the right one.</summary>
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

    /// <summary>
    /// For a client: the dealer that prepares linear steps and polynomials; null for none. The server must use the same. A dealer
    /// that colludes with the server reveals the input to it.
    /// </summary>
    public ConnectOptions? Dealer { get; init; }

    /// <summary>
    /// For a client: where its halves of inferences that were prepared ahead are; null for nowhere. They are used first, and then inferences
    /// are prepared as they are needed. It does not go with a dealer.
    /// </summary>
    public PreprocessingStore? Store { get; init; }

    /// <summary>Fail where the stores hold no material, instead of preparing it.</summary>
    public bool StoreOnly { get; init; }

    /// <summary>Told what a user may want to know about stored material: that it was lost, or is damaged.</summary>
    public Action<string>? OnNotice { get; init; }

    public SessionLimits Limits { get; init; } = new();

    /// <summary>Slows the connection down as a network would, for trials where the other end is in this process; null for none.</summary>
    public EmulatedNetwork? Emulation { get; init; }

    /// <summary>Compare every message with the plan's prediction and fail on a difference.</summary>
    public bool Audit { get; init; }

    /// <summary>Threads that linear layers are prepared with; by default as many as the machine has cores. Results do not depend on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <exception cref="ArgumentException">The limits make no sense, or another machine is to be reached without TLS.</exception>
    internal static void Require(ConnectOptions options)
    {
        SessionLimits.Require(options.Limits);
        if (options.Threads < 1)
            throw new ArgumentException($"A party works with at least one thread, not {options.Threads}.", nameof(options));
        if (!options.UseTls && !IsLoopback(options.Host))
            throw new ArgumentException($"Connecting to {options.Host} needs TLS; without it only loopback addresses are reached.", nameof(options));
        if (options.Dealer is not null && options.Store is not null)
            throw new ArgumentException("Stored material is made by client and server alone; it does not go with a dealer.", nameof(options));
        if (options.StoreOnly && options.Store is null)
            throw new ArgumentException("There is no store to take all material from.", nameof(options));
        if (options.Dealer is not null)
            Require(options.Dealer);
    }

    private static bool IsLoopback(string host)
        => host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));
}
