using PrivateInference.Frontend.Data;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Operations;
using PrivateInference.Testing;

namespace PrivateInference.Frontend.Tests;

/// <summary>The embedded sample, read as the commands read it.</summary>
public class SampleModelTests
{
    private static string? Folder => SharedModels.Find("samples/fashion-mnist");

    [SkippableTheory]
    [InlineData("fashion-mnist.onnx", 0)]
    [InlineData("fashion-mnist-bn.onnx", 2)]
    public void The_sample_imports_and_classifies_its_images(string name, int normalizations)
    {
        Skip.If(Folder is null || !File.Exists(Path.Combine(Folder, name)), "no sample model");
        Graph graph = OnnxImporter.Import(Path.Combine(Folder!, name)).Graph;
        Assert.Equal(TensorType.Float(1, 1, 28, 28), graph.Inputs[0].Type);
        Assert.Equal(TensorType.Float(1, 10), graph.Outputs[0].Type);
        Assert.Equal(normalizations, graph.Nodes.Count(n => n.Operation is BatchNormalization));

        Dataset images = Dataset.Open(Path.Combine(Folder!, "test-images-idx3-ubyte.gz"), graph.Inputs[0].Type);
        int right = images.Count(sample => Class(FloatInterpreter.Run(graph, [sample.Input])[0]) == sample.Label);
        Assert.True(right >= 0.8 * images.Count, $"{right} of {images.Count}");
    }

    private static int Class(Tensor logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Shape.Count; i++)
            best = logits.Floats[i] > logits.Floats[best] ? i : best;
        return best;
    }
}
