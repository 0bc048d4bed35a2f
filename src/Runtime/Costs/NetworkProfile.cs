using System.Globalization;
using System.Text.Json;

namespace PrivateInference.Runtime.Costs;

/// <summary>A network between the parties, as the planner and the cost report see it.</summary>
public sealed record NetworkProfile
{
    private const double LeastMbps = 0.001;
    private const double MostRoundTripMs = 600_000;

    public required string Name { get; init; }

    /// <summary>From client to server, megabits per second.</summary>
    public required double UploadMbps { get; init; }

    /// <summary>From server to client, megabits per second.</summary>
    public required double DownloadMbps { get; init; }

    /// <summary>Round-trip time in milliseconds.</summary>
    public required double RoundTripMs { get; init; }

    /// <summary>The networks that have a name: one machine, a data centre, two sites, a phone. Each is a file in <c>Networks/</c>.</summary>
    public static IReadOnlyList<NetworkProfile> Known { get; } =
        [.. new[] { "loopback", "lan", "wan", "mobile" }.Select(ReadResource)];

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
            NetworkProfile profile = Read(File.ReadAllText(nameOrFile));
            return profile is { UploadMbps: >= LeastMbps, DownloadMbps: >= LeastMbps, RoundTripMs: >= 0 and <= MostRoundTripMs }
                ? profile
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{nameOrFile}': bandwidths start at {LeastMbps} Mbit/s, and the round trip lies between 0 and {MostRoundTripMs} ms."));
        }
        catch (JsonException e)
        {
            throw new FormatException($"'{nameOrFile}' does not describe a network (name, upload_mbps, download_mbps, round_trip_ms): {e.Message}", e);
        }
    }

    /// <summary>The time that bytes and rounds alone take; a lower bound, since computing comes on top. A round is half a round trip.</summary>
    public TimeSpan TransferTime(long clientBytes, long serverBytes, long rounds) => TimeSpan.FromSeconds(
        (clientBytes * 8 / (UploadMbps * 1e6)) + (serverBytes * 8 / (DownloadMbps * 1e6)) + (rounds * RoundTripMs / 2000));

    private static NetworkProfile ReadResource(string name)
    {
        using Stream stream = typeof(NetworkProfile).Assembly.GetManifestResourceStream($"Networks/{name}.json")
            ?? throw new InvalidOperationException($"The assembly lacks the network '{name}'.");
        using StreamReader reader = new(stream);
        return Read(reader.ReadToEnd());
    }

    private static NetworkProfile Read(string json)
        => JsonSerializer.Deserialize<NetworkProfile>(json, Json.Options) ?? throw new JsonException("It is empty.");

    // Apart, so that it is there when the known networks are read.
    private static class Json
    {
        public static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    }
}
