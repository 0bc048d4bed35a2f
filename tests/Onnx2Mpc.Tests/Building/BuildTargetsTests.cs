using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.Building;

/// <summary>Models compiled by a build: <c>tools/onnx2mpc/build/Onnx2Mpc.targets</c>, in the sample project and in small ones.</summary>
public sealed class BuildTargetsTests : IDisposable
{
    private const string Compiling = "onnx2mpc: compiling";

    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-build-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_second_build_of_the_sample_without_changes_does_not_compile_and_one_with_a_change_does()
    {
        ToolResult first = BuildSample().RequireSuccess();
        Assert.Contains(Compiling, first.Output, StringComparison.Ordinal);
        string plan = Path.Combine(_folder, "fashion-mnist", "fashion-mnist.plan");
        DateTime written = File.GetLastWriteTimeUtc(plan);
        Assert.Equal("fashion-mnist", PlanSerializer.Load(plan).Name);
        Assert.True(File.Exists(Path.ChangeExtension(plan, ".report.html")));

        ToolResult second = BuildSample().RequireSuccess();
        Assert.DoesNotContain(Compiling, second.Output, StringComparison.Ordinal);
        Assert.Equal(written, File.GetLastWriteTimeUtc(plan));

        ToolResult third = BuildSample("-p:MaxRelus=37760").RequireSuccess();
        Assert.Contains(Compiling, third.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_build_of_the_sample_that_exceeds_its_budget_fails_and_names_the_step()
    {
        ToolResult result = BuildSample("-p:MaxRelus=37759");

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("fashion-mnist.onnx : error OM3003: sign decisions (ReLUs): 37,760, at most 37,759 allowed. Largest steps: /Relu (relu-maxpool, gc)", result.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "fashion-mnist", "fashion-mnist.plan")));
    }

    [Fact]
    public void A_model_compiles_twice_under_two_names_with_passes_and_a_folder_of_samples()
    {
        string model = Path.Combine(_folder, "net.onnx"), samples = Path.Combine(_folder, "samples");
        File.Copy(Repository.Sample("fashion-mnist.onnx"), model);
        Directory.CreateDirectory(samples);
        foreach (string image in Directory.GetFiles(Repository.Sample("png"), "*.png").Take(4))
            File.Copy(image, Path.Combine(samples, Path.GetFileName(image)));
        string project = Project("""
            <OnnxMpcModel Include="net.onnx" OutputName="plain" />
            <OnnxMpcModel Include="net.onnx" OutputName="rewritten" Passes="relu-after-maxpool;remove-activation:layers=/Relu_2" Calibrate="samples" IncludeWeights="true" />
            """);

        Build(project).RequireSuccess();
        ExecutionPlan plain = PlanSerializer.Load(Path.Combine(_folder, "obj", "plain", "net.plan"));
        ExecutionPlan rewritten = PlanSerializer.Load(Path.Combine(_folder, "obj", "rewritten", "net.plan"));
        Assert.Equal(128, plain.Steps.Sum(s => s.ReluCount(plain)) - rewritten.Steps.Sum(s => s.ReluCount(rewritten)));

        Assert.DoesNotContain(Compiling, Build(project).RequireSuccess().Output, StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(Directory.GetFiles(samples)[0], DateTime.UtcNow);
        Assert.Single(Build(project).RequireSuccess().Output.Split(Compiling).Skip(1));
        File.SetLastWriteTimeUtc(model, DateTime.UtcNow);
        Assert.Equal(2, Build(project).RequireSuccess().Output.Split(Compiling).Length - 1);
    }

    [Fact]
    public void A_tool_that_is_not_there_is_an_error_that_says_what_to_set()
    {
        string project = Project("""<OnnxMpcModel Include="net.onnx" />""");
        File.Copy(Repository.Sample("fashion-mnist.onnx"), Path.Combine(_folder, "net.onnx"));
        ToolResult result = Build(project, "-p:Onnx2MpcTool=", "-p:Onnx2MpcCommand=no-such-command-here");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("net.onnx : error OM3000", result.Output, StringComparison.Ordinal);
        Assert.Contains("Onnx2MpcTool", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_cannot_be_read_is_an_error_of_that_file()
    {
        string project = Project("""<OnnxMpcModel Include="net.onnx" />""");
        File.WriteAllText(Path.Combine(_folder, "net.onnx"), "no model");
        ToolResult result = Build(project);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("net.onnx : error OM3000", result.Output, StringComparison.Ordinal);
    }

    private ToolResult BuildSample(params string[] more) => Build(
        Path.Combine(Repository.Root, "samples", "msbuild", "msbuild.csproj"), [$"-p:OnnxMpcOutputPath={_folder}/", "-p:OnnxMpcDependsOn=", .. more]);

    private static ToolResult Build(string project, params string[] more) => DotnetCommand.Run(
        ["msbuild", project, "-t:CompileOnnxMpcModels", "-v:minimal", $"-p:Onnx2MpcTool={Path.Combine(AppContext.BaseDirectory, "onnx2mpc.dll")}", .. more]);

    private string Project(string items)
    {
        string path = Path.Combine(_folder, "net.proj");
        File.WriteAllText(path, $"""
            <Project>
              <PropertyGroup><OnnxMpcOutputPath>obj/</OnnxMpcOutputPath></PropertyGroup>
              <ItemGroup>{items}</ItemGroup>
              <Import Project="{Path.Combine(Repository.Root, "tools", "onnx2mpc", "build", "Onnx2Mpc.targets")}" />
            </Project>
            """);
        return path;
    }
}
