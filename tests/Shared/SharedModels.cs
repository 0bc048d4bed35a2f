namespace PrivateInference.Testing;

/// <summary>Third-party models in a sibling <c>shared</c> folder; tests over them are skipped where there is none.</summary>
internal static class SharedModels
{
    public static string? Root { get; } = Find("shared/models");

    public static IEnumerable<string> Files(string folder)
    {
        Skip.If(Root is null, "no shared models beside the repository");
        return Directory.EnumerateFiles(Path.Combine(Root!, folder), "*.onnx").Order(StringComparer.Ordinal);
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
