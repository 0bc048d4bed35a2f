using System.Collections.Immutable;
using System.Text.Json;

namespace PrivateInference.Frontend.Tests;

/// <summary>Third-party models in a sibling <c>shared</c> folder; tests over them are skipped where there is none.</summary>
internal static class SharedModels
{
    public static string? Root { get; } = Find("shared/models");

    public static IEnumerable<string> Files(string folder)
    {
        Skip.If(Root is null, "no shared models beside the repository");
        return Directory.EnumerateFiles(Path.Combine(Root!, folder), "*.onnx").Order(StringComparer.Ordinal);
    }

    /// <summary>The sizes of the recorded inputs, for models that leave them open.</summary>
    public static ImportOptions Sizes(string record)
    {
        using JsonDocument description = JsonDocument.Parse(File.ReadAllText(Path.Combine(record, "io.json")));
        return new ImportOptions
        {
            Dimensions = description.RootElement.GetProperty("inputs").EnumerateArray().SelectMany(input => input.GetProperty("dims").EnumerateArray().Select(
                (size, axis) => KeyValuePair.Create($"{input.GetProperty("name").GetString()}:{axis}", size.GetInt32()))).ToImmutableDictionary(),
        };
    }

    /// <summary>A path in a parent of the test directory, or beside one.</summary>
    public static string? Find(string relative)
    {
        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string candidate = Path.Combine(directory.FullName, relative);
            if (Directory.Exists(candidate))
                return candidate;
        }

        return null;
    }
}
