using System.Collections.Immutable;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>What a case took between two processes.</summary>
internal sealed record Measurement
{
    public required MeasuredCase Case { get; init; }

    /// <summary>Seconds of the very first inference of both processes, offline and online together.</summary>
    public required double FirstSeconds { get; init; }

    /// <summary>Seconds per inference after the warm-up.</summary>
    public required ImmutableArray<double> OfflineSeconds { get; init; }

    /// <inheritdoc cref="OfflineSeconds"/>
    public required ImmutableArray<double> OnlineSeconds { get; init; }

    /// <summary>See <see cref="ClearRun.Deviation"/>.</summary>
    public required double Deviation { get; init; }

    public required long ClientPeakBytes { get; init; }

    public required long ServerPeakBytes { get; init; }

    /// <summary>Seconds of the clear fixed-point execution, per inference.</summary>
    public required ImmutableArray<double> ClearSeconds { get; init; }

    /// <summary>Seconds of the float interpreter, per inference; empty where there is no float model.</summary>
    public required ImmutableArray<double> FloatSeconds { get; init; }
}
