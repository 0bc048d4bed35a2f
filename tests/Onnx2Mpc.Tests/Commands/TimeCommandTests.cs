using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;

namespace PrivateInference.CommandLine.Tests.Commands;

[Collection(SampleCollection.Name)]
public sealed class TimeCommandTests(CompiledSample sample) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-time-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_calibrated_host_gives_predicted_seconds_that_depend_on_the_network()
    {
        string host = Path.Combine(_folder, "new", "host.json");
        ToolResult calibrated = ToolProcess.Run("calibrate-host", "--output", host, "--name", "box", "--json").RequireSuccess();
        Assert.Equal(File.ReadAllText(host), calibrated.Output);

        JsonElement lan = Time("lan", host), wan = Time("wan", host);

        Assert.Equal(("box", "wan"), (wan.GetProperty("host").GetString(), wan.GetProperty("network").GetString()));
        Assert.True(wan.GetProperty("online_seconds").GetDouble() > lan.GetProperty("online_seconds").GetDouble());
        ToolResult table = ToolProcess.Run("cost", sample.PlanPath(), "--host", host).RequireSuccess();
        Assert.Contains("online s", table.Output, StringComparison.Ordinal);
        Assert.Contains("inferences an hour", table.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_host_the_document_has_no_times()
    {
        using JsonDocument document = JsonDocument.Parse(ToolProcess.Run("cost", sample.PlanPath(), "--json").RequireSuccess().Output);
        Assert.False(document.RootElement.TryGetProperty("time", out _));
        Assert.True(document.RootElement.TryGetProperty("work", out _));
    }

    [Fact]
    public void A_missing_host_file_is_a_usage_error_that_says_what_to_do()
    {
        ToolResult result = ToolProcess.Run("cost", sample.PlanPath(), "--host", Path.Combine(_folder, "nowhere.json"));
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains("calibrate-host --output", result.Error, StringComparison.Ordinal);
    }

    /// <summary>Eight flights online take at least four round trips, whatever the machine does.</summary>
    [Fact]
    public void A_run_over_an_emulated_network_takes_at_least_its_round_trips()
    {
        string network = Path.Combine(_folder, "far.json");
        File.WriteAllText(network, """{ "name": "far", "upload_mbps": 10000, "download_mbps": 10000, "round_trip_ms": 80 }""");

        ToolResult result = ToolProcess.Run(
            "run", sample.PlanPath(), "--weights", sample.WeightsPath(), "--input", Repository.Sample("test-images-idx3-ubyte.gz"),
            "--limit", "1", "--audit", "--network", network, "--json").RequireSuccess();

        using JsonDocument document = JsonDocument.Parse(result.Output);
        Assert.True(document.RootElement.GetProperty("predictions")[0].GetProperty("online_seconds").GetDouble() >= 4 * 0.08);
    }

    private JsonElement Time(string network, string host)
    {
        ToolResult result = ToolProcess.Run("cost", sample.PlanPath(), "--network", network, "--host", host, "--json").RequireSuccess();
        using JsonDocument document = JsonDocument.Parse(result.Output);
        return document.RootElement.GetProperty("time").Clone();
    }
}
