using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Frontend.Reference;

namespace PrivateInference.CommandLine.Tests.Commands;

/// <summary>The commands that only read: inspect, cost, passes, verify.</summary>
[Collection(SampleCollection.Name)]
public sealed class ReadingCommandTests(CompiledSample sample)
{
    [Fact]
    public void Cost_json_has_the_names_of_the_contract()
    {
        using JsonDocument document = JsonDocument.Parse(ToolProcess.Run("cost", sample.PlanPath(), "--json").RequireSuccess().Output);
        JsonElement root = document.RootElement;
        Assert.Equal(["plan", "backend", "ring_bits", "relus", "total", "steps"], root.EnumerateObject().Select(p => p.Name));
        foreach (JsonElement step in root.GetProperty("steps").EnumerateArray())
            Assert.Equal(["name", "kind", "protocol", "relus", "offline", "online"], step.EnumerateObject().Select(p => p.Name));
        string[] names = ["client_bytes", "server_bytes", "helper_bytes", "rounds"];
        foreach (string phase in new[] { "offline", "online" })
        {
            JsonElement total = root.GetProperty("total").GetProperty(phase);
            Assert.Equal(names, total.EnumerateObject().Select(p => p.Name));
            foreach (string name in names)
                Assert.Equal(total.GetProperty(name).GetInt64(), root.GetProperty("steps").EnumerateArray().Sum(s => s.GetProperty(phase).GetProperty(name).GetInt64()));
        }

        // Paper 001, Table 4: 3 comparisons and one ReLU per pooled element of the two convolutions, one ReLU of each of 128.
        Assert.Equal((4 * 32 * 14 * 14) + (4 * 64 * 7 * 7) + 128, root.GetProperty("relus").GetInt64());
    }

    [Fact]
    public void Garbled_material_stays_below_4_KB_a_ReLU()
    {
        using JsonDocument document = JsonDocument.Parse(ToolProcess.Run("cost", sample.PlanPath(), "--json").RequireSuccess().Output);
        foreach (JsonElement step in document.RootElement.GetProperty("steps").EnumerateArray().Where(s => s.GetProperty("protocol").GetString() == "gc"))
            Assert.InRange(step.GetProperty("offline").GetProperty("server_bytes").GetDouble() / step.GetProperty("relus").GetInt64(), 1, 4096);
    }

    [Fact]
    public void Inspect_shows_ReLUs_per_layer_of_a_model()
    {
        ToolResult result = ToolProcess.Run("inspect", Repository.Sample("fashion-mnist-bn.onnx")).RequireSuccess();
        Assert.Contains("Every operation can be executed securely.", result.Output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(ToolProcess.Run("inspect", Repository.Sample("fashion-mnist-bn.onnx"), "--json").RequireSuccess().Output);
        Assert.DoesNotContain(document.RootElement.GetProperty("layers").EnumerateArray(), l => l.GetProperty("operation").GetString() == "batchnorm");
    }

    [Fact]
    public void Inspect_of_a_damaged_plan_is_a_file_error_that_says_so()
    {
        string damaged = Path.GetTempFileName();
        byte[] plan = File.ReadAllBytes(sample.PlanPath());
        plan[^1] ^= 1;
        File.WriteAllBytes(damaged, plan);
        ToolResult result = ToolProcess.Run("inspect", damaged);
        File.Delete(damaged);
        Assert.Equal(ExitCodes.BadFile, result.ExitCode);
        Assert.Contains("damaged", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Passes_lists_every_contract_name_of_the_canonical_passes()
    {
        string output = ToolProcess.Run("passes").RequireSuccess().Output;
        foreach (string name in new[] { "fold-constants", "fold-batchnorm", "drop-identity", "merge-pad", "common-subexpressions", "dead-code", "relu-after-maxpool" })
            Assert.Contains(name, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Leakage_names_what_each_party_learns()
    {
        using JsonDocument document = JsonDocument.Parse(ToolProcess.Run("leakage", sample.PlanPath(), "--json").RequireSuccess().Output);
        JsonElement[] disclosures = [.. document.RootElement.GetProperty("disclosures").EnumerateArray()];
        Assert.Contains(disclosures, d => d.GetProperty("learner").GetString() == "client" && d.GetProperty("subject").GetString() == "output");
        Assert.Single(disclosures, d => d.GetProperty("learner").GetString() == "server");
        Assert.Contains("semi-honest", ToolProcess.Run("leakage", sample.PlanPath()).RequireSuccess().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fashion-mnist")]
    [InlineData("fashion-mnist-bn")]
    public void Verify_finds_agreement_on_a_hundred_images_and_an_exact_secure_run(string name)
    {
        ToolResult result = ToolProcess.Run(
            "verify", Repository.Sample(name + ".onnx"), sample.PlanPath(name), "--data", Repository.Sample("calibration-images-idx3-ubyte.gz"),
            "--secure", "1", "--minimum-agreement", "0.99", "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(100, document.RootElement.GetProperty("samples").GetInt32());
        Assert.Equal(1, document.RootElement.GetProperty("secure_equals_fixed_point").GetInt32());
    }

    [SkippableFact]
    public void Verify_takes_ONNX_Runtime_as_its_reference()
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; './build.sh reference' installs it.");
        ToolResult result = ToolProcess.Run(
            "verify", Repository.Sample("fashion-mnist.onnx"), sample.PlanPath(), "--data", Repository.Sample("test-images-idx3-ubyte.gz"),
            "--secure", "0", "--reference", "onnxruntime", "--minimum-agreement", "1", "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.Equal(1, document.RootElement.GetProperty("agreement").GetDouble());
    }

    [Theory]
    [InlineData("--resize", "squash")]
    [InlineData("--layout", "chwn")]
    [InlineData("--pixels", "percent")]
    [InlineData("--mean", "0.5;0.5")]
    public void An_unknown_way_to_fit_data_is_a_usage_error_that_names_it(string option, string value)
    {
        ToolResult result = ToolProcess.Run(
            "verify", Repository.Sample("fashion-mnist.onnx"), sample.PlanPath(), "--data", Repository.Sample("calibration-images-idx3-ubyte.gz"), option, value);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
        Assert.Contains(value, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_fails_with_the_check_code_when_agreement_is_too_low()
    {
        // Another model's plan: trained from another start, it disagrees somewhere.
        ToolResult result = ToolProcess.Run(
            "verify", Repository.Sample("fashion-mnist.onnx"), sample.PlanPath("fashion-mnist-bn"), "--data", Repository.Sample("calibration-images-idx3-ubyte.gz"),
            "--secure", "0", "--minimum-agreement", "1");
        Assert.Equal(ExitCodes.CheckFailed, result.ExitCode);
        Assert.Contains("agree", result.Error, StringComparison.Ordinal);
    }
}
