using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs;

/// <summary>Memory or storage of each party, in bytes.</summary>
public sealed record PartyBytes
{
    [JsonPropertyName("client_bytes")]
    public required long ClientBytes { get; init; }

    [JsonPropertyName("server_bytes")]
    public required long ServerBytes { get; init; }

    public static PartyBytes operator +(PartyBytes left, PartyBytes right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new PartyBytes { ClientBytes = left.ClientBytes + right.ClientBytes, ServerBytes = left.ServerBytes + right.ServerBytes };
    }

    public static PartyBytes Add(PartyBytes left, PartyBytes right) => left + right;
}
