using System.Collections.Immutable;
using System.Text.Json;

namespace PrivateInference.Frontend.Tests;

/// <summary>What the record of a third-party model says about sizes that the model leaves open.</summary>
internal static class RecordedInputSizes
{
    /// <param name="record">The folder with <c>io.json</c>.</param>
    public static ImportOptions Read(string record)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllText(Path.Combine(record, "io.json")));
        return new ImportOptions
        {
            Dimensions = description.RootElement.GetProperty("inputs").EnumerateArray().SelectMany(input => input.GetProperty("dims").EnumerateArray().Select(
                (size, axis) => KeyValuePair.Create($"{input.GetProperty("name").GetString()}:{axis}", size.GetInt32()))).ToImmutableDictionary(),
        };
    }
}
