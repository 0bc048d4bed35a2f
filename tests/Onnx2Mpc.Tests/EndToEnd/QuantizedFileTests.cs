using System.Runtime.InteropServices;
using PrivateInference.Backends;
using PrivateInference.Frontend;
using PrivateInference.Frontend.Reference;
using PrivateInference.IR;
using PrivateInference.Passes;
using PrivateInference.Runtime.Plan;
using Xunit.Abstractions;

namespace PrivateInference.CommandLine.Tests.EndToEnd;

/// <summary>Plans of quantised models that nobody here wrote, against what ONNX Runtime computes.</summary>
public sealed class QuantizedFileTests(ITestOutputHelper log)
{
    /// <summary>The outputs are integers times a scale; the recorded ones are ONNX Runtime's.</summary>
    [SkippableTheory]
    [InlineData("ort_conv_qdq_u8u8")]
    [InlineData("ort_conv_qdq_s8s8")]
    [InlineData("ort_conv_qdq_s8s8_perchannel")]
    public void A_convolution_between_quantisations_gives_the_references_integers(string name)
    {
        Graph graph = Import(name);
        CompiledModel model = BackendCompiler.Compile(graph, new CompileOptions());
        double quantum = 1 / model.Plan.Values[^1].Scale;
        int[] steps = Steps(Infer(model, Recorded(name, "input_0")), Recorded(name, "output_0"), quantum);
        log.WriteLine($"{name}: {steps.Count(s => s != 0)} of {steps.Length} integers differ");
        Assert.All(steps, s => Assert.InRange(s, -1, 1));
        Assert.True(steps.Count(s => s != 0) * 100 < steps.Length);
    }

    [SkippableFact]
    public void A_network_of_integer_products_gives_the_references_logits()
    {
        CompiledModel model = BackendCompiler.Compile(Import("conxr_mnist_quantized"), new CompileOptions());
        float[] expected = Recorded("conxr_mnist_quantized", "output_0"), actual = Infer(model, Recorded("conxr_mnist_quantized", "input_0"));
        double error = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / (expected.Max() - expected.Min());
        Assert.True(error < 0.01, $"{error}");
    }

    [SkippableTheory]
    [InlineData("ort_qdq_convs", 0)]
    [InlineData("ort_qdq_convs", 1)]
    [InlineData("ort_qdq_convs", 2)]
    public void Integer_inputs_and_outputs_are_the_files_own(string name, int output)
    {
        Graph graph = Import(name);
        Graph part = PassPipeline.Canonicalize(new Graph(graph.Name, [graph.Inputs[output]], graph.Nodes, [graph.Outputs[output]]));
        CompiledModel model = BackendCompiler.Compile(part, new CompileOptions());
        float[] input = [.. RecordedBytes(name, $"input_{output}").Select(b => (float)b)], expected = [.. RecordedBytes(name, $"output_{output}").Select(b => (float)b)];
        Assert.All(Steps(Infer(model, input), expected, 1), s => Assert.InRange(s, -1, 1));
    }

    /// <summary>Six requantised convolutions with sums around them: differences of one unit add up, but do not grow beyond a few.</summary>
    [SkippableFact]
    public void Residual_blocks_stay_within_a_few_integers_of_the_reference()
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        Graph graph = Import("ort_qdq_multi_consumer_fixed");
        Value output = graph.Outputs[1];
        CompiledModel model = BackendCompiler.Compile(PassPipeline.Canonicalize(graph.With(outputs: [output])), new CompileOptions());
        Random random = new(1);
        Tensor input = Tensor.FromFloats(graph.Inputs[0].Shape, [.. Enumerable.Range(0, graph.Inputs[0].Shape.Count).Select(_ => (float)((random.NextDouble() * 20) - 10))]);
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(File("ort_qdq_multi_consumer_fixed"), new OnnxRuntimeOptions { Optimization = GraphOptimization.None });
        float[] expected = session.Run(new Dictionary<string, Tensor>(StringComparer.Ordinal) { [graph.Inputs[0].Name] = input })[output.Name].Floats.ToArray();
        int[] steps = Steps(Infer(model, input.Floats.ToArray()), expected, 1 / model.Plan.Values[^1].Scale);
        log.WriteLine($"ring 2^{model.Plan.RingBits}, {steps.Count(s => s != 0)} of {steps.Length} integers differ, by {steps.Max(Math.Abs)} at most");
        Assert.True(steps.Count(s => s != 0) * 5 < steps.Length);
        Assert.InRange(steps.Max(Math.Abs), 0, 8);
    }

    private static int[] Steps(float[] actual, float[] expected, double quantum)
    {
        Assert.Equal(expected.Length, actual.Length);
        return [.. expected.Zip(actual, (e, a) => (int)Math.Round((a - e) / quantum))];
    }

    private static float[] Infer(CompiledModel model, float[] input) => [.. new FixedPointInterpreter(model.Plan, model.Weights).Infer(input).Elements];

    private static Graph Import(string name) => PassPipeline.Canonicalize(OnnxImporter.Import(File(name)).Graph);

    private static float[] Recorded(string name, string tensor) => MemoryMarshal.Cast<byte, float>(RecordedBytes(name, tensor)).ToArray();

    private static byte[] RecordedBytes(string name, string tensor)
        => System.IO.File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(File(name))!, "..", "expected", "quantized", name, $"{tensor}.bin"));

    private static string File(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string file = Path.Combine(folder.FullName, "shared", "models", "quantized", $"{name}.onnx");
            if (System.IO.File.Exists(file))
                return file;
        }

        throw new SkipException("no shared models beside the repository");
    }
}
