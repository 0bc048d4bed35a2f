using System.Collections.Immutable;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Costs.Timing;

namespace PrivateInference.Backends.Reports;

/// <summary>For whom a report predicts: machine, networks, load and prices.</summary>
public sealed record ReportSettings
{
    /// <summary>The machine of both parties, one each.</summary>
    public HostProfile Host { get; init; } = HostProfile.Reference;

    /// <summary>The network of the figures at the top.</summary>
    public required NetworkProfile Network { get; init; }

    /// <summary>Every network that is predicted for: those with a name, and <see cref="Network"/>.</summary>
    public ImmutableArray<NetworkProfile> Networks
        => NetworkProfile.Known.Contains(Network) ? [.. NetworkProfile.Known] : [Network, .. NetworkProfile.Known];

    /// <summary>Whether a dealer prepares linear steps and polynomials.</summary>
    public bool WithDealer { get; init; }

    /// <summary>Inferences a day that storage is shown for.</summary>
    public double RequestsPerDay { get; init; } = 1000;

    public Prices Prices { get; init; } = new();
}
