using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Building;

/// <summary>The command as users install it.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-package-").FullName;

    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_packed_tool_installs_and_runs()
    {
        string packages = Path.Combine(_folder, "packages"), tools = Path.Combine(_folder, "tools"), sources = Path.Combine(_folder, "nuget.config");
        DotnetCommand.Run("pack", Path.Combine(Repository.Root, "tools", "onnx2mpc"), "-c", Configuration, "--no-build", "-o", packages).RequireSuccess();
        // From the packed file alone: the package brings everything it needs.
        File.WriteAllText(sources, $"<configuration><packageSources><clear /><add key=\"packed\" value=\"{packages}\" /></packageSources></configuration>");

        DotnetCommand.Run("tool", "install", "onnx2mpc", "--tool-path", tools, "--configfile", sources, "--prerelease").RequireSuccess();
        ToolResult result = DotnetCommand.RunProgram(Path.Combine(tools, "onnx2mpc"), "passes").RequireSuccess();

        Assert.Contains("relu-share  [lossy]", result.Output, StringComparison.Ordinal);
    }
}
