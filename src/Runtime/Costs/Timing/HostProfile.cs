using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PrivateInference.Runtime.Costs.Timing;

/// <summary>How fast a machine executes each <see cref="Primitive"/> on one core; what <c>calibrate-host</c> writes.</summary>
public sealed record HostProfile
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly Lazy<HostProfile> s_reference = new(ReadReference);

    /// <summary>The machine's name, for people.</summary>
    [JsonPropertyName("name")]
    public required string Name { get; init; }

    /// <summary>Nanoseconds per unit.</summary>
    [JsonPropertyName("nanoseconds")]
    [JsonConverter(typeof(PrimitiveTableConverter<double>))]
    public required ImmutableSortedDictionary<Primitive, double> Nanoseconds { get; init; }

    /// <summary>A machine that takes no time: what is left is the network.</summary>
    public static HostProfile Instant { get; } = new()
    {
        Name = "instant",
        Nanoseconds = Enum.GetValues<Primitive>().ToImmutableSortedDictionary(p => p, _ => 0.0),
    };

    /// <summary>
    /// What a prediction takes where no machine was measured: an x86-64 core of a small server with AVX-512 and AES
    /// instructions, the median of three calibrations. Other machines differ, by a factor of two or so.
    /// </summary>
    public static HostProfile Reference => s_reference.Value;

    /// <summary>Where a user's machine is described by default.</summary>
    public static string DefaultPath { get; }
        = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "onnx2mpc", "host.json");

    /// <exception cref="FormatException">The file is missing or not complete; the message says what to do.</exception>
    public static HostProfile Load(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is JsonException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException($"'{path}' does not describe a host: {e.Message} 'onnx2mpc calibrate-host --output {path}' writes one.", e);
        }
    }

    /// <summary>The JSON document that <see cref="Load"/> reads.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json) + "\n";

    /// <summary>Seconds that some work takes.</summary>
    public double Seconds(WorkCost work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work.Units.Sum(u => u.Value * Nanoseconds[u.Key]) * 1e-9;
    }

    private static HostProfile Parse(string json)
    {
        HostProfile profile = JsonSerializer.Deserialize<HostProfile>(json, s_json) ?? throw new JsonException("It is empty.");
        foreach (Primitive primitive in Enum.GetValues<Primitive>())
        {
            if (!profile.Nanoseconds.TryGetValue(primitive, out double time) || !double.IsFinite(time) || time < 0)
                throw new JsonException($"It gives no time for '{PrimitiveTableConverter<double>.Name(primitive)}'.");
        }

        return profile;
    }

    private static HostProfile ReadReference()
    {
        using Stream stream = typeof(HostProfile).Assembly.GetManifestResourceStream("Hosts/reference.json")
            ?? throw new InvalidOperationException("The assembly lacks the reference host.");
        using StreamReader reader = new(stream);
        return Parse(reader.ReadToEnd());
    }
}
