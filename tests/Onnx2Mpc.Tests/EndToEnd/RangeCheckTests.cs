using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Inputs of polynomial activations outside of their intervals, as a user is told of them.</summary>
public sealed class RangeCheckTests : IDisposable
{
    private static readonly string s_data = Repository.Sample("calibration-images-idx3-ubyte.gz");

    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-range-").FullName;

    /// <summary>Fitted on what the samples give and with room around it, or on a small part of that.</summary>
    [Theory]
    [InlineData("samples", "0.5", false)]
    [InlineData("-1..1", "0", true)]
    public void A_checked_plan_tells_the_client_of_every_inference_whether_it_stayed_in_range(string range, string margin, bool outside)
    {
        string plan = Path.Combine(_folder, "fashion-mnist.plan");
        ToolResult compiled = ToolProcess.Run(
            "compile", Repository.Sample("fashion-mnist.onnx"), "-o", _folder, "--backend", "poly", "--calibrate", s_data, "--range-check", "--range-margin", margin,
            "--pass", "maxpool-to-avgpool", "--pass", $"polynomial:degree=2,range={range}").RequireSuccess();
        Assert.Equal(outside, (compiled.Output + compiled.Error).Contains("warning OM2101: polynomial ", StringComparison.Ordinal));
        ToolResult run = ToolProcess.Run("run", plan, "--weights", Path.ChangeExtension(plan, ".weights"), "--input", s_data, "--limit", "2", "--audit", "--json").RequireSuccess();
        Assert.All(
            JsonDocument.Parse(run.Output).RootElement.GetProperty("predictions").EnumerateArray(),
            p => Assert.Equal(outside, p.GetProperty("out_of_range").GetBoolean()));
        Assert.Contains("range check", ToolProcess.Run("leakage", plan).RequireSuccess().Output, StringComparison.Ordinal);
        string table = ToolProcess.Run("run", plan, "--weights", Path.ChangeExtension(plan, ".weights"), "--input", s_data, "--limit", "1").RequireSuccess().Output;
        Assert.Contains(outside ? "do not rely on these predictions: samples 0" : "all inputs of polynomial activations were within", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_have_the_form_that_builds_read_and_a_threshold()
    {
        string model = Repository.Sample("fashion-mnist.onnx");
        string[] arguments = ["compile", model, "-o", _folder, "--calibrate", s_data, "--message-format", "msbuild", "--pass", "polynomial:degree=2,range=-1..1,layers=1"];
        Assert.Contains($"{model} : warning OM2101: polynomial '", ToolProcess.Run(arguments).RequireSuccess().Error, StringComparison.Ordinal);
        Assert.DoesNotContain("OM2101", ToolProcess.Run([.. arguments, "--outside-warning", "1"]).RequireSuccess().Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--range-margin belongs to --range-check", "--range-margin", "1")]
    [InlineData(2, "--range-margin takes a number from 0 to 100, not 'x'", "--range-check", "--range-margin", "x")]
    [InlineData(2, "compile without --range-check", "--range-check")]
    public void What_cannot_be_checked_is_a_clear_error(int code, string message, params string[] options)
    {
        ToolResult result = ToolProcess.Run(["compile", Repository.Sample("fashion-mnist.onnx"), "-o", _folder, .. options]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
