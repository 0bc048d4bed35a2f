using System.Text.Json;
using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

public sealed class NoiseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-noise-").FullName;

    /// <summary>
    /// Helbitz and Avidan, equation 4, as a user has it. Noise that both know is in the clear execution too, so a secure run
    /// equals it; noise that the parties draw turns a fifth of the decisions anew.
    /// </summary>
    [Theory]
    [InlineData("none")]
    [InlineData("5")]
    public void A_recipe_with_noise_compiles_and_runs_with_the_bytes_that_it_predicts(string seed)
    {
        string data = Repository.Sample("calibration-images-idx3-ubyte.gz"), model = Repository.Sample("fashion-mnist.onnx"), plan = Path.Combine(_folder, "fashion-mnist.plan");
        ToolProcess.Run(
            "compile", model, "-o", _folder, "--calibrate", data,
            "--pass", "maxpool-to-avgpool", "--pass", $"relu-share:patch=4x4,noise=0.2,noise-seed={seed}").RequireSuccess();
        Assert.Equal(seed == "none", PlanSerializer.Load(plan).IsNoisy);
        ToolResult verified = ToolProcess.Run("verify", model, plan, "--data", data, "--limit", "3", "--minimum-agreement", "0", "--json").RequireSuccess();
        Assert.Equal(3, JsonDocument.Parse(verified.Output).RootElement.GetProperty("secure_samples").GetInt32());
        Assert.Equal(seed == "none" ? 0 : 3, JsonDocument.Parse(verified.Output).RootElement.GetProperty("secure_equals_fixed_point").GetInt32());
        Assert.Equal(seed == "none", ToolProcess.Run("leakage", plan).RequireSuccess().Output.Contains("neither party learns which are turned", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
