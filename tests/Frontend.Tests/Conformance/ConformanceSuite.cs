using PrivateInference.Testing;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>A published set of operator cases, where it is on this machine.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Folder">Its folder, or null where it is not installed.</param>
internal sealed record ConformanceSuite(string Name, string? Folder)
{
    /// <summary>Debian's package libonnx-testdata.</summary>
    private const string DebianData = "/usr/share/libonnx-testdata/data/";

    /// <summary>The cases of newer operator sets, in a sibling <c>shared</c> folder.</summary>
    public static ConformanceSuite Newer { get; } = new("opsets 18 to 25", SharedModels.Find("shared/onnx_node"));

    /// <summary>All suites; the first are ONNX release 1.12 as Debian packages it.</summary>
    public static IReadOnlyList<ConformanceSuite> All { get; } =
        [Debian("node"), Debian("simple"), Debian("pytorch-converted"), Debian("pytorch-operator"), Newer];

    /// <summary>Models that <c>tools/conformance/export.py</c> wrote. They are in the repository, so they always run.</summary>
    public static ConformanceSuite PyTorch { get; } = new("PyTorch", SharedModels.Find("tests/data/pytorch"));

    public IEnumerable<ConformanceCase> Cases() => Directory.EnumerateDirectories(Folder!)
        .Where(folder => File.Exists(Path.Combine(folder, "model.onnx")))
        .Order(StringComparer.Ordinal)
        .Select(folder => new ConformanceCase(this, folder));

    private static ConformanceSuite Debian(string name)
        => new($"ONNX 1.12 {name}", Directory.Exists(DebianData + name) ? DebianData + name : null);
}
