using System.Text.Json;

namespace PrivateInference.Runtime.Costs;

/// <summary>A network between the parties, as the planner and the cost report see it.</summary>
public sealed record NetworkProfile
{
    public required string Name { get; init; }

    /// <summary>From client to server, megabits per second.</summary>
    public required double UploadMbps { get; init; }

    /// <summary>From server to client, megabits per second.</summary>
    public required double DownloadMbps { get; init; }

    /// <summary>Round-trip time in milliseconds.</summary>
    public required double RoundTripMs { get; init; }

    /// <summary>The networks that have a name: a data centre, two sites, a phone.</summary>
    public static IReadOnlyList<NetworkProfile> Known { get; } =
    [
        new() { Name = "lan", UploadMbps = 1000, DownloadMbps = 1000, RoundTripMs = 0.5 },
        new() { Name = "wan", UploadMbps = 100, DownloadMbps = 100, RoundTripMs = 40 },
        new() { Name = "mobile", UploadMbps = 10, DownloadMbps = 40, RoundTripMs = 60 },
    ];

    /// <summary>A known network, or one described by a JSON file with this record's properties in snake case.</summary>
    /// <exception cref="FormatException">Neither a known name nor a readable description.</exception>
    public static NetworkProfile Resolve(string nameOrFile)
    {
        if (Known.FirstOrDefault(n => string.Equals(n.Name, nameOrFile, StringComparison.Ordinal)) is { } known)
            return known;
        if (!File.Exists(nameOrFile))
            throw new FormatException($"'{nameOrFile}' is neither a known network ({string.Join(", ", Known.Select(n => n.Name))}) nor a file.");
        try
        {
            NetworkProfile profile = JsonSerializer.Deserialize<NetworkProfile>(File.ReadAllText(nameOrFile), Json)
                ?? throw new FormatException($"'{nameOrFile}' describes no network.");
            return profile.UploadMbps > 0 && profile.DownloadMbps > 0 && profile.RoundTripMs >= 0
                ? profile
                : throw new FormatException($"'{nameOrFile}': bandwidths have to be positive and the round trip not negative.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{nameOrFile}' does not describe a network (name, upload_mbps, download_mbps, round_trip_ms): {e.Message}", e);
        }
    }

    /// <summary>The time that bytes and rounds alone take; a lower bound, since computing comes on top. A round is half a round trip.</summary>
    public TimeSpan TransferTime(long clientBytes, long serverBytes, long rounds) => TimeSpan.FromSeconds(
        (clientBytes * 8 / (UploadMbps * 1e6)) + (serverBytes * 8 / (DownloadMbps * 1e6)) + (rounds * RoundTripMs / 2000));

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
