using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Building;

/// <summary>The packages as users install them: from the packed files alone.</summary>
public sealed class PackageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-package-").FullName;

    private static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_packed_tool_installs_and_runs()
    {
        string tools = Path.Combine(_folder, "tools");
        string sources = Pack("tools/onnx2mpc");

        DotnetCommand.Run("tool", "install", "onnx2mpc", "--tool-path", tools, "--configfile", sources, "--prerelease").RequireSuccess();
        ToolResult result = DotnetCommand.RunProgram(Path.Combine(tools, "onnx2mpc"), "passes").RequireSuccess();

        Assert.Contains("relu-share  [lossy]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_project_that_references_the_build_package_compiles_its_models()
    {
        Pack("tools/build-package");
        File.Copy(Repository.Sample("fashion-mnist.onnx"), Path.Combine(_folder, "net.onnx"));
        string project = Path.Combine(_folder, "app.csproj");
        File.WriteAllText(project, """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup><TargetFramework>net10.0</TargetFramework><RestorePackagesPath>cache</RestorePackagesPath></PropertyGroup>
              <ItemGroup><PackageReference Include="Onnx2Mpc.Build" Version="*-*" /><OnnxMpcModel Include="net.onnx" Backend="gc" /></ItemGroup>
            </Project>
            """);

        ToolResult result = DotnetCommand.Run("build", project, "-v", "minimal");

        Assert.True(result.ExitCode == 0, result.Output);
        Assert.True(File.Exists(Path.Combine(_folder, "bin", "Debug", "net10.0", "net.plan")));
        Assert.False(File.Exists(Path.Combine(_folder, "bin", "Debug", "net10.0", "net.weights")));
    }

    /// <returns>A configuration whose only source is what was packed.</returns>
    private string Pack(string project)
    {
        string packages = Path.Combine(_folder, "packages"), sources = Path.Combine(_folder, "nuget.config");
        DotnetCommand.Run("pack", Path.Combine(Repository.Root, project), "-c", Configuration, "--no-build", "-o", packages).RequireSuccess();
        File.WriteAllText(sources, $"<configuration><packageSources><clear /><add key=\"packed\" value=\"{packages}\" /></packageSources></configuration>");
        return sources;
    }
}
