using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>Both phases of a plan.</summary>
public sealed record PhaseTotals
{
    [JsonPropertyName("offline")]
    public required PhaseCost Offline { get; init; }

    [JsonPropertyName("online")]
    public required PhaseCost Online { get; init; }

    /// <summary>Adds up messages in the order in which they travel.</summary>
    public static PhaseTotals Of(IEnumerable<PlannedMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        PhaseCost[] costs = [new(), new()];
        Party?[] lastSender = new Party?[2];
        foreach (PlannedMessage message in messages)
        {
            int phase = (int)message.Cost.Phase;
            costs[phase] += PhaseCost.Of(message.Cost, lastSender[phase] != message.Cost.Sender);
            lastSender[phase] = message.Cost.Sender;
        }

        return new PhaseTotals { Offline = costs[(int)Phase.Offline], Online = costs[(int)Phase.Online] };
    }
}
