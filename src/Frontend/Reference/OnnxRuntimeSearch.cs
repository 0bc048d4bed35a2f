using System.Runtime.InteropServices;

namespace PrivateInference.Frontend.Reference;

/// <summary>
/// Where ONNX Runtime's native library may be, best place first: named by the user, beside the application (where NuGet's
/// package puts it, too), in this project's npm folder, in the system.
/// </summary>
internal static class OnnxRuntimeSearch
{
    /// <summary>Names the library's file or folder; nothing else is tried when it is set.</summary>
    public const string Variable = "ONNXRUNTIME_LIBRARY";

    private const string NpmPackage = "tools/reference/node_modules/onnxruntime-node/bin/napi-v6";

    private static string System { get; } = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";

    private static string Architecture { get; } = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>The libraries' files as far as they exist, then names for the system's loader.</summary>
    /// <param name="chosen">The value of <see cref="Variable"/>.</param>
    /// <param name="failures">Takes what is wrong with the user's choice.</param>
    public static IEnumerable<string> Candidates(string? chosen, ICollection<string> failures)
    {
        if (string.IsNullOrEmpty(chosen))
            return [.. ApplicationFolders().Concat(NpmFolders()).SelectMany(FilesIn), .. SystemNames()];
        string[] files = File.Exists(chosen) ? [Path.GetFullPath(chosen)] : FilesIn(chosen);
        if (files.Length == 0)
            failures.Add($"{Variable} is '{chosen}', and there is no such library.");
        return files;
    }

    private static IEnumerable<string> ApplicationFolders()
    {
        string application = AppContext.BaseDirectory;
        return [application, Path.Combine(application, "runtimes", RuntimeInformation.RuntimeIdentifier, "native")];
    }

    private static IEnumerable<string> NpmFolders()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, NpmPackage, System, Architecture);
    }

    /// <summary>Versions follow the file's name in different ways; libonnxruntime_providers_shared is another library.</summary>
    private static string[] FilesIn(string folder)
    {
        string pattern = System switch
        {
            "win32" => "onnxruntime.dll",
            "darwin" => "libonnxruntime.*dylib",
            _ => "libonnxruntime.so*",
        };
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.GetFiles(Path.GetFullPath(folder), pattern).Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> SystemNames() => System switch
    {
        "win32" => ["onnxruntime.dll"],
        "darwin" => ["libonnxruntime.dylib"],
        _ => ["libonnxruntime.so.1", "libonnxruntime.so"],
    };
}
