using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>What each party computes in one phase; null where it computes nothing.</summary>
public sealed record PhaseWork
{
    [JsonPropertyName("client")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkCost? Client { get; init; }

    [JsonPropertyName("server")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkCost? Server { get; init; }

    /// <summary>A dealer's.</summary>
    [JsonPropertyName("helper")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public WorkCost? Helper { get; init; }
}
