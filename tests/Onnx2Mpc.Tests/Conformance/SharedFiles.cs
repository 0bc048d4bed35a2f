using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Conformance;

/// <summary>Third-party models and data in a folder <c>shared</c> beside the repository; tests over them are skipped where there is none.</summary>
internal static class SharedFiles
{
    private static readonly string? _root = FindRoot();

    public static bool Exist => _root is not null;

    public static string ModelFolder => Path.Combine(_root!, "models");

    public static string Data(string relative) => Path.Combine(_root!, "data", relative);

    /// <summary>All models that are not known to be bad, in the order of their names.</summary>
    public static IEnumerable<string> Models() => Directory.EnumerateFiles(ModelFolder, "*.onnx", SearchOption.AllDirectories)
        .Where(file => !NameOf(file).StartsWith("negative/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary><c>mnist/lenet.onnx</c></summary>
    public static string NameOf(string modelFile) => Path.GetRelativePath(ModelFolder, modelFile).Replace('\\', '/');

    private static string? FindRoot()
    {
        for (DirectoryInfo? folder = new(Repository.Root); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "shared");
            if (Directory.Exists(Path.Combine(candidate, "models")) && Directory.Exists(Path.Combine(candidate, "data")))
                return candidate;
        }

        return null;
    }
}
