using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Tests.Conformance;
using PrivateInference.IR;
using PrivateInference.Testing;
using Xunit.Abstractions;

namespace PrivateInference.Frontend.Tests.Reference;

/// <summary>What the importer and the float interpreter compute, against ONNX Runtime on the same file and the same inputs.</summary>
public class ReferenceModelTests
{
    /// <summary>20 G multiply-accumulates; <c>./build.sh conformance</c> compares it.</summary>
    private static readonly string[] _slow = ["light_vgg19.onnx"];

    private readonly ITestOutputHelper _log;

    public ReferenceModelTests(ITestOutputHelper log)
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        _log = log;
    }

    [SkippableTheory]
    [InlineData("fashion-mnist.onnx")]
    [InlineData("fashion-mnist-bn.onnx")]
    public void The_sample_computes_what_the_reference_computes(string name)
    {
        string? folder = SharedModels.Find("samples/fashion-mnist");
        Skip.If(folder is null || !File.Exists(Path.Combine(folder, name)), "no sample model");
        ImportedModel model = OnnxImporter.Import(Path.Combine(folder!, name));
        using OnnxRuntimeSession session = OnnxRuntimeSession.Open(Path.Combine(folder!, name));
        Dataset images = Dataset.Open(Path.Combine(folder!, "test-images-idx3-ubyte.gz"), model.Graph.Inputs[0].Type);
        Assert.NotEmpty(images);
        double error = images.Select(image => Named(model.InputNames[0], image.Input))
            .Max(input => ModelCheck.LargestError(model, input, session.Run(input)));
        Assert.True(error < ModelCheck.Tolerance, $"{error:E1}");
    }

    [SkippableTheory]
    [InlineData("mnist", 20)]
    [InlineData("cifar", 3)]
    [InlineData("graphs", 8)]
    [InlineData("imagenet", 2)]
    [InlineData("imagenet_arch", 8, false)]
    [InlineData("other", 6)]
    [InlineData("paddle", 1)]
    [InlineData("quantized", 7)]
    [InlineData("sklearn", 4)]
    [InlineData("traffic", 3)]
    [InlineData("transformer", 1)]
    public void Third_party_models_compute_what_the_reference_computes(string folder, int atLeast, bool onRandomInputsToo = true)
    {
        int matching = 0;
        foreach (string file in SharedModels.Files(folder).Where(f => !_slow.Contains(Path.GetFileName(f))))
        {
            ModelCheck check = ModelCheck.Of(file, onRandomInputsToo);
            _log.WriteLine($"{check.File}: {check.Error?.ToString("E1") ?? check.Reason}");
            Assert.True(check.Error is null || check.Matches, $"{check.File}: {check.Error:E1}");
            matching += check.Matches ? 1 : 0;
        }

        Assert.True(matching >= atLeast, $"only {matching} models match");
    }

    private static Dictionary<string, Tensor> Named(string name, Tensor tensor) => new(StringComparer.Ordinal) { [name] = tensor };
}
