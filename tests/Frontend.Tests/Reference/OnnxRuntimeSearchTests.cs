using PrivateInference.Frontend.Reference;

namespace PrivateInference.Frontend.Tests.Reference;

/// <summary>Where the native library is looked for; needs no library.</summary>
public sealed class OnnxRuntimeSearchTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnxruntime-search-").FullName;
    private readonly List<string> _failures = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_file_named_by_the_user_is_the_only_candidate()
    {
        string file = Path.Combine(_folder, "my-build.so");
        File.WriteAllBytes(file, []);
        Assert.Equal([file], OnnxRuntimeSearch.Candidates(file, _failures));
    }

    [Fact]
    public void A_folder_named_by_the_user_gives_the_library_in_it_and_not_its_siblings()
    {
        string[] names = OperatingSystem.IsWindows() ? ["onnxruntime.dll", "onnxruntime_providers_shared.dll"]
            : OperatingSystem.IsMacOS() ? ["libonnxruntime.1.30.0.dylib", "libonnxruntime_providers_shared.dylib"]
            : ["libonnxruntime.so.1", "libonnxruntime_providers_shared.so"];
        foreach (string name in names)
            File.WriteAllBytes(Path.Combine(_folder, name), []);
        Assert.Equal([Path.Combine(_folder, names[0])], OnnxRuntimeSearch.Candidates(_folder, _failures));
    }

    [Fact]
    public void A_wrong_choice_is_reported_and_nothing_else_is_loaded_in_its_place()
    {
        Assert.Empty(OnnxRuntimeSearch.Candidates(Path.Combine(_folder, "absent"), _failures));
        Assert.Contains("absent", Assert.Single(_failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_choice_the_system_is_asked_last()
    {
        string last = OnnxRuntimeSearch.Candidates(chosen: null, _failures).Last();
        Assert.False(Path.IsPathRooted(last), last);
        Assert.Empty(_failures);
    }

    [Fact]
    public void The_message_says_how_to_get_the_library()
    {
        string message = new OnnxRuntimeNotFoundException("'x.so' does not load: too old").Message;
        Assert.Contains("./build.sh reference", message, StringComparison.Ordinal);
        Assert.Contains(OnnxRuntimeSearch.Variable, message, StringComparison.Ordinal);
        Assert.Contains("'x.so' does not load: too old", message, StringComparison.Ordinal);
    }
}
