using PrivateInference.Backends;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>
/// Networks of the literature with random weights, and the sample model, on the backends that people compare: unmodified on
/// <c>hybrid</c>; with average pools in the place of max pools on <c>gc</c>, and with a polynomial of degree 4 in the place of every
/// activation, too, on <c>poly</c>.
/// </summary>
internal static class NetworkCases
{
    private const int CalibrationSamples = 8, Samples = 20, Seed = 17;

    public static IEnumerable<(string Name, Func<MeasuredCase> Build)> All =>
    [
        .. Of("poly", "fashion-mnist", "minionn-avg", "resnet-18"),
        .. Of("gc", "fashion-mnist", "minionn-avg", "resnet-18"),
        .. Of("hybrid", "minionn-avg", "minionn-max", "resnet-18", "resnet-32", "squeezenet-224", "resnet-50-224"),
    ];

    private static IEnumerable<(string Name, Func<MeasuredCase> Build)> Of(string backend, params string[] models)
        => models.Select(model => ($"{model} {backend}", (Func<MeasuredCase>)(() => Build(model, backend))));

    private static MeasuredCase Build(string model, string backend)
    {
        bool isSample = model == "fashion-mnist";
        Graph original = isSample
            ? PassPipeline.Canonicalize(OnnxImporter.Import(Repository.Sample("fashion-mnist.onnx")).Graph)
            : PassPipeline.Canonicalize(ArchitectureCatalog.Create(model));
        CalibrationData calibration = isSample
            ? new([.. Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), original.Inputs[0].Type).Select(s => s.Input)])
            : new([.. Enumerable.Range(0, CalibrationSamples).Select(i => Noise(original.Inputs[0].Shape, Seed + i))]);
        Graph graph = new PassManager([.. Passes(backend)]).Run(original, PassContext.Default with { Calibration = calibration }).Graph;
        CompiledModel compiled = BackendCompiler.Compile(graph, new CompileOptions { Name = $"{model} {backend}", Backend = backend }, calibration);
        return new MeasuredCase(compiled.Plan, compiled.Weights, isSample ? SampleModel.ImageFile : WriteInputs(graph.Inputs[0].Shape), graph);
    }

    private static IEnumerable<Pass> Passes(string backend)
    {
        if (backend != "hybrid")
            yield return PassRegistry.Default.Create("maxpool-to-avgpool");
        if (backend == "poly")
            yield return PassRegistry.Default.Create("polynomial", new Dictionary<string, string>(StringComparer.Ordinal) { ["degree"] = "4", ["per"] = "layer" });
    }

    private static Tensor Noise(Shape shape, int seed)
    {
        Random random = new(seed);
        return Tensor.FromFloats(shape, [.. Enumerable.Range(0, shape.Count).Select(_ => random.NextSingle())]);
    }

    private static string WriteInputs(Shape shape)
    {
        string file = Path.Combine(WorkFolder.Create(), $"noise-{string.Join('x', shape.Dimensions)}.npy");
        NpyWriter.Write(file, Noise(new Shape([Samples, .. shape.Dimensions.Skip(1)]), Seed));
        return file;
    }
}
