using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>What one step costs.</summary>
public sealed record StepCost
{
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    [JsonPropertyName("kind")]
    public required string Kind { get; init; }

    [JsonPropertyName("protocol")]
    public required string Protocol { get; init; }

    /// <summary>Sign decisions per inference.</summary>
    [JsonPropertyName("relus")]
    public long Relus { get; init; }

    [JsonPropertyName("offline")]
    public required PhaseCost Offline { get; init; }

    [JsonPropertyName("online")]
    public required PhaseCost Online { get; init; }

    /// <summary>What each party computes; null in a report of metered messages.</summary>
    [JsonPropertyName("work")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepWork? Work { get; init; }

    /// <summary>Material that a prepared inference keeps for the step.</summary>
    [JsonPropertyName("storage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PartyBytes? Storage { get; init; }
}
