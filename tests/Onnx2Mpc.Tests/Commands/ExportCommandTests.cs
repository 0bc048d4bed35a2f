using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class ExportCommandTests(CompiledSample sample) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void An_exported_model_compiles_to_the_plan_of_the_model_with_its_passes()
    {
        string model = Repository.Sample("fashion-mnist.onnx"), exported = Path.Combine(_folder, "new", "fashion-mnist.onnx");
        ToolResult result = ToolProcess.Run("export", model, "--passes", "relu-after-maxpool", "dead-code", "-o", exported, "--open-batch").RequireSuccess();
        Assert.Contains("65,984 → 37,760 ReLUs", result.Output, StringComparison.Ordinal);

        ToolProcess.Run("compile", model, "--pass", "relu-after-maxpool", "-o", Path.Combine(_folder, "direct")).RequireSuccess();
        ToolProcess.Run("compile", exported, "-o", Path.Combine(_folder, "back")).RequireSuccess();
        foreach (string file in (string[])["fashion-mnist.plan", "fashion-mnist.weights"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "direct", file)), File.ReadAllBytes(Path.Combine(_folder, "back", file)));
        Assert.Equal(Cost("back").ToJson(), (Cost("direct") with { WithoutPasses = null }).ToJson());

        CostReport Cost(string folder) => CostReport.FromJson(File.ReadAllText(Path.Combine(_folder, folder, "fashion-mnist.cost.json")));
    }

    [Fact]
    public void Json_is_one_document_on_standard_output_and_nothing_else()
    {
        string exported = Path.Combine(_folder, "model.onnx");
        ToolResult result = ToolProcess.Run(
            "export", Repository.Sample("fashion-mnist-bn.onnx"), "--pass", "relu-after-maxpool", "--pass", "dead-code", "-o", exported, "--standard-only", "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal("", result.Error);
        Assert.Equal(new FileInfo(exported).Length, document.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal(["relu-after-maxpool", "dead-code"], document.RootElement.GetProperty("passes").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
    }

    [Fact]
    public void A_plan_is_refused_with_the_way_out()
    {
        ToolResult result = ToolProcess.Run("export", sample.PlanPath(), "-o", Path.Combine(_folder, "model.onnx"));
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("Export the model that it was compiled from", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(ExitCodes.Usage, "export", "x.onnx")]
    [InlineData(ExitCodes.Usage, "export", "x.onnx", "-o", "y.onnx", "--passes", "no-such-pass")]
    [InlineData(ExitCodes.Usage, "export", "x.onnx", "-o", "y.onnx", "--input-range", "3")]
    [InlineData(ExitCodes.BadFile, "export", "nowhere.onnx", "-o", "y.onnx")]
    public void A_wrong_command_line_or_file_has_its_exit_code(int expected, params string[] arguments)
    {
        ToolResult result = ToolProcess.Run(arguments);
        Assert.Equal(expected, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.NotEqual("", result.Error);
    }
}
