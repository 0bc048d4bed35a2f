using System.Runtime.InteropServices;

namespace PrivateInference.Frontend.Reference;

/// <summary>
/// ONNX Runtime's native library, found and loaded once a process. Nothing but the reference of the float model needs it:
/// compiling, costing and secure execution work without.
/// </summary>
public sealed class OnnxRuntimeLibrary
{
    private static readonly Lazy<(OnnxRuntimeLibrary? Library, string Failures)> _loaded = new(Load);

    private OnnxRuntimeLibrary(string path, OrtApi api)
    {
        Path = path;
        Api = api;
    }

    /// <summary>The library of this process; loads it on first use.</summary>
    /// <exception cref="OnnxRuntimeNotFoundException">It is missing or does not load.</exception>
    public static OnnxRuntimeLibrary Instance
        => _loaded.Value.Library ?? throw new OnnxRuntimeNotFoundException(_loaded.Value.Failures);

    /// <summary>Whether the library is there; loads it on first use.</summary>
    public static bool IsAvailable => _loaded.Value.Library is not null;

    /// <summary>The file it was loaded from, or its bare name when the system's loader found it.</summary>
    public string Path { get; }

    /// <summary>Its version, "1.30.0".</summary>
    public string Version => Api.LibraryVersion;

    internal OrtApi Api { get; }

    private static (OnnxRuntimeLibrary? Library, string Failures) Load()
    {
        List<string> failures = [];
        string? chosen = Environment.GetEnvironmentVariable(OnnxRuntimeSearch.Variable);
        foreach (string candidate in OnnxRuntimeSearch.Candidates(chosen, failures))
        {
            try
            {
                nint library = NativeLibrary.Load(candidate);
                return (new OnnxRuntimeLibrary(candidate, new OrtApi(NativeLibrary.GetExport(library, "OrtGetApiBase"))), "");
            }
            catch (Exception e) when (e is TypeLoadException or BadImageFormatException or OnnxRuntimeException)
            {
                if (System.IO.Path.IsPathRooted(candidate))
                    failures.Add($"'{candidate}' does not load: {e.Message}");
            }
        }

        return (null, string.Join('\n', failures));
    }
}
