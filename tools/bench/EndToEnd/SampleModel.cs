using PrivateInference.Backends;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Benchmarks.EndToEnd;

/// <summary>A sample model, compiled as <c>onnx2mpc compile</c> does with the sample's calibration images.</summary>
internal sealed record SampleModel(Graph Graph, ExecutionPlan Plan, ModelWeights Weights, Dataset Images)
{
    public static string ImageFile => Repository.Sample("test-images-idx3-ubyte.gz");

    public static SampleModel Compile(string path)
    {
        Graph graph = PassPipeline.Canonicalize(OnnxImporter.Import(path).Graph);
        Dataset calibration = Dataset.Open(Repository.Sample("calibration-images-idx3-ubyte.gz"), graph.Inputs[0].Type);
        CompileOptions options = new() { Name = Path.GetFileNameWithoutExtension(path) };
        CompiledModel compiled = BackendCompiler.Compile(graph, options, new CalibrationData([.. calibration.Select(s => s.Input)]));
        return new SampleModel(graph, compiled.Plan, compiled.Weights, Dataset.Open(ImageFile, graph.Inputs[0].Type));
    }
}
