using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>Predicted seconds of a plan between two hosts of one kind.</summary>
public sealed record TimeReport
{
    [JsonPropertyName("network")]
    public required string Network { get; init; }

    [JsonPropertyName("host")]
    public required string Host { get; init; }

    /// <summary>Handshake and keys, once a connection; TCP's and TLS's own handshakes come on top.</summary>
    [JsonPropertyName("setup_seconds")]
    public required double SetupSeconds { get; init; }

    [JsonPropertyName("offline_seconds")]
    public required double OfflineSeconds { get; init; }

    [JsonPropertyName("online_seconds")]
    public required double OnlineSeconds { get; init; }

    /// <summary>Inferences an hour in one session that prepares each and then runs it.</summary>
    [JsonPropertyName("inferences_per_hour")]
    public double InferencesPerHour => Rate(OfflineSeconds + OnlineSeconds);

    /// <summary>Inferences an hour in one session while material that was prepared ahead lasts.</summary>
    [JsonPropertyName("prepared_inferences_per_hour")]
    public double PreparedInferencesPerHour => Rate(OnlineSeconds);

    /// <summary>By step, <c>session</c> first; the sums are the totals.</summary>
    [JsonPropertyName("steps")]
    public required ImmutableArray<StepTime> Steps { get; init; }

    private static double Rate(double seconds) => seconds > 0 ? 3600 / seconds : 0;
}
