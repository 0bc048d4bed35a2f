using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PrivateInference.Runtime.Costs.Timing;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Costs;

/// <summary>
/// What a plan costs, per step and in total: the document of <c>cost --json</c>, whose names are a contract. The first
/// step, <c>session</c>, holds what a connection pays once.
/// </summary>
public sealed record CostReport
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [JsonPropertyName("plan")]
    public required string Plan { get; init; }

    [JsonPropertyName("backend")]
    public required string Backend { get; init; }

    [JsonPropertyName("ring_bits")]
    public required int RingBits { get; init; }

    [JsonPropertyName("relus")]
    public required long Relus { get; init; }

    /// <summary>A bound on the probability that a local truncation of an inference fails; absent where it is 0.</summary>
    [JsonPropertyName("truncation_failure")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double TruncationFailure { get; init; }

    [JsonPropertyName("total")]
    public required PhaseTotals Total { get; init; }

    /// <summary>The plan that the compiler would have made without the passes that it was told to apply; null in any other report.</summary>
    [JsonPropertyName("without_passes")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public CostSummary? WithoutPasses { get; init; }

    /// <summary>What the parties compute in all, setup included; null in a report of metered messages.</summary>
    [JsonPropertyName("work")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public StepWork? Work { get; init; }

    /// <summary>Material that a prepared inference keeps until it is used.</summary>
    [JsonPropertyName("storage")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PartyBytes? Storage { get; init; }

    /// <summary>An estimate of the most memory a process takes that runs one session, with one inference prepared at a time.</summary>
    [JsonPropertyName("peak_memory")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public PartyBytes? PeakMemory { get; init; }

    /// <summary>Predicted seconds, where a host and a network are given.</summary>
    [JsonPropertyName("time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TimeReport? Time { get; init; }

    [JsonPropertyName("steps")]
    public required ImmutableArray<StepCost> Steps { get; init; }

    /// <summary>Folds messages into costs per step.</summary>
    /// <param name="plan">The plan whose steps the messages name.</param>
    /// <param name="messages">
    /// In the order in which they travel. Within a phase, a message whose sender differs from the one before begins a
    /// round, which is charged to its step; totals are the sums over the steps.
    /// </param>
    /// <param name="protocolOf">The protocol's name for a step index, <see cref="PlannedMessage.Session"/> included.</param>
    public static CostReport Create(ExecutionPlan plan, IEnumerable<PlannedMessage> messages, Func<int, string> protocolOf)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(protocolOf);
        PhaseCost[,] costs = Fold(plan.Steps.Length, messages);
        StepCost[] steps = new StepCost[plan.Steps.Length + 1];
        for (int i = 0; i < steps.Length; i++)
        {
            int index = i + PlannedMessage.Session;
            PlanStep? step = index == PlannedMessage.Session ? null : plan.Steps[index];
            steps[i] = new StepCost
            {
                Name = step?.Name ?? "session",
                Kind = step?.Kind ?? "setup",
                Protocol = protocolOf(index),
                Relus = step?.ReluCount(plan) ?? 0,
                Offline = costs[i, (int)Phase.Offline],
                Online = costs[i, (int)Phase.Online],
            };
        }

        return new CostReport
        {
            Plan = plan.Name,
            Backend = plan.Backend,
            RingBits = plan.RingBits,
            Relus = steps.Sum(s => s.Relus),
            TruncationFailure = PrivateInference.Runtime.Plan.TruncationFailure.Of(plan),
            Total = new PhaseTotals
            {
                Offline = steps.Select(s => s.Offline).Aggregate(PhaseCost.Add),
                Online = steps.Select(s => s.Online).Aggregate(PhaseCost.Add),
            },
            Steps = [.. steps],
        };
    }

    /// <summary>The JSON document; equal reports give equal text.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <exception cref="JsonException">The text is not a cost report.</exception>
    public static CostReport FromJson(string json)
        => JsonSerializer.Deserialize<CostReport>(json, s_json) ?? throw new JsonException("The document is empty.");

    private static PhaseCost[,] Fold(int stepCount, IEnumerable<PlannedMessage> messages)
    {
        PhaseCost[,] costs = new PhaseCost[stepCount + 1, 2];
        for (int i = 0; i <= stepCount; i++)
            costs[i, 0] = costs[i, 1] = new PhaseCost();
        Party?[] lastSender = new Party?[2];
        foreach (PlannedMessage message in messages)
        {
            int phase = (int)message.Cost.Phase;
            ref PhaseCost cost = ref costs[message.StepIndex - PlannedMessage.Session, phase];
            cost += PhaseCost.Of(message.Cost, lastSender[phase] != message.Cost.Sender);
            lastSender[phase] = message.Cost.Sender;
        }

        return costs;
    }
}
