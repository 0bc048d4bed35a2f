using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>Payload bytes each party writes in one phase, and the flights that begin there.</summary>
public sealed record PhaseCost
{
    [JsonPropertyName("client_bytes")]
    public long ClientBytes { get; init; }

    [JsonPropertyName("server_bytes")]
    public long ServerBytes { get; init; }

    [JsonPropertyName("helper_bytes")]
    public long HelperBytes { get; init; }

    /// <summary>A flight is a run of messages in one direction; the next round begins when the direction changes.</summary>
    [JsonPropertyName("rounds")]
    public int Rounds { get; init; }

    [JsonIgnore]
    public long TotalBytes => ClientBytes + ServerBytes + HelperBytes;

    public static PhaseCost operator +(PhaseCost left, PhaseCost right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new PhaseCost
        {
            ClientBytes = left.ClientBytes + right.ClientBytes,
            ServerBytes = left.ServerBytes + right.ServerBytes,
            HelperBytes = left.HelperBytes + right.HelperBytes,
            Rounds = left.Rounds + right.Rounds,
        };
    }

    public static PhaseCost Add(PhaseCost left, PhaseCost right) => left + right;

    /// <summary>One message, which begins a round or continues one.</summary>
    internal static PhaseCost Of(MessageCost message, bool beginsRound) => new()
    {
        ClientBytes = message.Sender == Party.Client ? message.Bytes : 0,
        ServerBytes = message.Sender == Party.Server ? message.Bytes : 0,
        HelperBytes = message.Sender == Party.Helper ? message.Bytes : 0,
        Rounds = beginsRound ? 1 : 0,
    };
}
