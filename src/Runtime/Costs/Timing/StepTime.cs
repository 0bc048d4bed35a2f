using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>By how much a step delays the end of each phase.</summary>
public sealed record StepTime
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("offline_seconds")]
    public required double OfflineSeconds { get; init; }

    [JsonPropertyName("online_seconds")]
    public required double OnlineSeconds { get; init; }
}
