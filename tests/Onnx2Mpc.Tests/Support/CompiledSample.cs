using PrivateInference.Runtime.Plan;

namespace PrivateInference.CommandLine.Tests.Support;

/// <summary>The embedded sample models, compiled once by the command for all tests that need them.</summary>
public sealed class CompiledSample : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx2mpc-tests-").FullName;

    public CompiledSample()
    {
        foreach (string name in Names)
            Compile(name, _folder).RequireSuccess();
    }

    public static IReadOnlyList<string> Names { get; } = ["fashion-mnist", "fashion-mnist-bn"];

    public string PlanPath(string name = "fashion-mnist") => Path.Combine(_folder, name + ".plan");

    public string WeightsPath(string name = "fashion-mnist") => Path.Combine(_folder, name + ".weights");

    public string CostPath(string name) => Path.Combine(_folder, name + ".cost.json");

    /// <summary>The report of the first sample.</summary>
    public string ReportPath => Path.Combine(_folder, "fashion-mnist.report.html");

    public ExecutionPlan Plan(string name) => PlanSerializer.Load(PlanPath(name));

    public ModelWeights Weights(string name) => WeightsSerializer.Load(WeightsPath(name), Plan(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal static ToolResult Compile(string name, string folder) => ToolProcess.Run(
        "compile", Repository.Sample(name + ".onnx"), "-o", folder,
        "--calibrate", Repository.Sample("calibration-images-idx3-ubyte.gz"), "--labels", Repository.Sample("labels.txt"), "--report");
}
