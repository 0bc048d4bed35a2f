using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>The totals of a cost report, for a comparison with another.</summary>
public sealed record CostSummary
{
    [JsonPropertyName("ring_bits")]
    public required int RingBits { get; init; }

    [JsonPropertyName("relus")]
    public required long Relus { get; init; }

    [JsonPropertyName("total")]
    public required PhaseTotals Total { get; init; }

    public static CostSummary Of(CostReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new CostSummary { RingBits = report.RingBits, Relus = report.Relus, Total = report.Total };
    }
}
