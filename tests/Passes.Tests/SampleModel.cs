using System.Collections.Immutable;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;

namespace PrivateInference.Passes.Tests;

/// <summary>The Fashion-MNIST network of <c>samples/</c> with images to calibrate on and others to measure with.</summary>
internal static class SampleModel
{
    private static readonly Lazy<Graph> s_graph = new(() => PassPipeline.Canonicalize(OnnxImporter.Import(File("fashion-mnist.onnx")).Graph));
    private static readonly Lazy<ImmutableArray<Tensor>> s_images = new(() => Images("calibration-images-idx3-ubyte.gz"));

    public static Graph Graph => s_graph.Value;

    /// <summary>The even ones of a hundred training images, of all classes.</summary>
    public static CalibrationData Calibration => new([.. s_images.Value.Where((_, i) => i % 2 == 0)]);

    public static PassContext Context => PassContext.Default with { Calibration = Calibration };

    /// <summary>The mean squared difference of a graph's outputs to the model's on images that <see cref="Calibration"/> lacks.</summary>
    public static double HeldOutError(Graph graph) => s_images.Value.Where((_, i) => i % 2 == 1).Average(image =>
    {
        float[] expected = FloatInterpreter.Run(Graph, [image])[0].Floats.ToArray(), actual = FloatInterpreter.Run(graph, [image])[0].Floats.ToArray();
        return expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Average();
    });

    /// <summary>Runs passes, given as on the command line, with the model as their original.</summary>
    public static PassResult Run(params string[] passes)
        => new PassManager([.. passes.Select(PassRequest.Parse).Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))], verify: true).Run(Graph, Context);

    private static ImmutableArray<Tensor> Images(string name) => [.. Dataset.Open(File(name), Graph.Inputs[0].Type).Select(s => s.Input)];

    private static string File(string name)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder!.FullName, "PrivateInference.sln")))
            folder = folder.Parent;
        return Path.Combine(folder.FullName, "samples", "fashion-mnist", name);
    }
}
