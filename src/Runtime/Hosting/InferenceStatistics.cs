using PrivateInference.Runtime.Costs;

namespace PrivateInference.Runtime.Hosting;

/// <summary>The measured cost of one inference at the client.</summary>
public sealed record InferenceStatistics
{
    /// <summary>Time of the offline phase of the material that this inference consumed.</summary>
    public required TimeSpan OfflineTime { get; init; }

    /// <summary>From the client's input to its result.</summary>
    public required TimeSpan OnlineTime { get; init; }

    /// <summary>Whether the material came from a store, so that the offline phase was that of claiming it.</summary>
    public bool FromStore { get; init; }

    /// <summary>The messages of both phases in order, as metered.</summary>
    public required IReadOnlyList<PlannedMessage> Messages { get; init; }
}
