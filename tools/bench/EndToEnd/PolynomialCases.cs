using PrivateInference.Backends;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>
/// Networks with a polynomial of degree 4 in the place of every activation, on backend <c>poly</c>, and the same networks with
/// their ReLUs on backend <c>gc</c>; average pools in the place of max pools in both. Weights of generated architectures are random.
/// </summary>
internal static class PolynomialCases
{
    private const int CalibrationSamples = 8, Samples = 20, Seed = 17;

    public static IEnumerable<(string Name, Func<MeasuredCase> Build)> All =>
        from model in new[] { "fashion-mnist", "minionn-avg", "resnet-18" }
        from backend in new[] { "poly", "gc" }
        select ($"{model} {backend}", (Func<MeasuredCase>)(() => Build(model, backend)));

    public static MeasuredCase Build(string model, string backend)
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
