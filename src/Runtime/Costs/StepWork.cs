using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>What the parties compute for a step, or for a whole inference.</summary>
public sealed record StepWork
{
    [JsonPropertyName("offline")]
    public required PhaseWork Offline { get; init; }

    [JsonPropertyName("online")]
    public required PhaseWork Online { get; init; }

    /// <summary>Adds up the work among events.</summary>
    internal static StepWork Of(IEnumerable<CostEvent> events)
    {
        CostEvent[] all = [.. events];
        return new StepWork { Offline = OfPhase(Phase.Offline), Online = OfPhase(Phase.Online) };

        PhaseWork OfPhase(Phase phase) => new() { Client = Of(phase, Party.Client), Server = Of(phase, Party.Server), Helper = Of(phase, Party.Helper) };

        WorkCost? Of(Phase phase, Party party)
        {
            WorkCost sum = all.Where(e => e.Phase == phase).Select(e => Part(e, party)).Aggregate(WorkCost.None, WorkCost.Add);
            return sum.IsNone ? null : sum;
        }
    }

    private static WorkCost Part(CostEvent happening, Party party) => happening switch
    {
        LocalWork local => local.Party == party ? local.Work : WorkCost.None,
        MessageTransfer message => message.Sender == party ? message.Sending : message.Receiver == party ? message.Receiving : WorkCost.None,
        _ => throw new ArgumentException($"Unknown event {happening}.", nameof(happening)),
    };
}
