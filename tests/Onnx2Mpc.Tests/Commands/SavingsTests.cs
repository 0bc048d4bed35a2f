using PrivateInference.CommandLine.Tests.Support;
using PrivateInference.Runtime.Costs;

namespace PrivateInference.CommandLine.Tests.Commands;

/// <summary>What <c>compile</c> says about the worth of the passes that it was told to apply.</summary>
[Collection(SampleCollection.Name)]
public sealed class SavingsTests(CompiledSample sample) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-savings-").FullName;

    [Fact]
    public void Passes_that_save_are_shown_with_the_plan_before_and_after()
    {
        (CostReport cost, string error) = Compile("--pass", "maxpool-to-avgpool", "--pass", "partial-activation:ratio=0.5");
        CostReport before = CostReport.FromJson(File.ReadAllText(sample.CostPath("fashion-mnist")));
        Assert.Equal(CostSummary.Of(before), cost.WithoutPasses);
        Assert.True(cost.Total.Online.TotalBytes < before.Total.Online.TotalBytes);
        Assert.Matches($"sign decisions {before.Relus:N0} → {cost.Relus:N0}, ring 2\\^{before.RingBits} → 2\\^{cost.RingBits}", error);
        Assert.Matches("online  .* [KM]B → .* \\([1-9][0-9]?\\.[0-9]%\\), [0-9]+ → [0-9]+ rounds", error);
        Assert.DoesNotContain("warning: maxpool", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Passes_that_lose_something_for_nothing_get_a_warning()
        => Assert.Contains(
            "warning: relu-share changed what the model computes, and the plan is no cheaper for it",
            Compile("--pass", "relu-share:patch=2x2,layers=*").Error, StringComparison.Ordinal);

    [Fact]
    public void Layers_that_a_pass_leaves_are_named_and_cost_nothing()
    {
        (CostReport cost, string error) = Compile("--pass", "relu-share:patch=2x2");
        Assert.Contains("is left as it is: the max pool", error, StringComparison.Ordinal);
        Assert.DoesNotContain("warning: relu-share", error, StringComparison.Ordinal);
        Assert.Equal(CostSummary.Of(cost), cost.WithoutPasses);
    }

    [Fact]
    public void Without_passes_there_is_nothing_to_compare()
        => Assert.Null(CostReport.FromJson(File.ReadAllText(sample.CostPath("fashion-mnist"))).WithoutPasses);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private (CostReport Cost, string Error) Compile(params string[] passes)
    {
        ToolResult result = ToolProcess.Run(
        [
            "compile", Repository.Sample("fashion-mnist.onnx"), "-o", _folder,
            "--calibrate", Repository.Sample("calibration-images-idx3-ubyte.gz"), "--labels", Repository.Sample("labels.txt"), .. passes,
        ]).RequireSuccess();
        return (CostReport.FromJson(File.ReadAllText(Path.Combine(_folder, "fashion-mnist.cost.json"))), result.Error);
    }
}
