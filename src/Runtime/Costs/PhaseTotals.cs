using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>Both phases of a plan.</summary>
public sealed record PhaseTotals
{
    [JsonPropertyName("offline")]
    public required PhaseCost Offline { get; init; }

    [JsonPropertyName("online")]
    public required PhaseCost Online { get; init; }
}
