using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Tests.Conformance;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using Xunit.Abstractions;

namespace PrivateInference.Frontend.Tests.Reference;

/// <summary>What the importer and the float interpreter compute, against ONNX Runtime on the same file and the same inputs.</summary>
public class ReferenceModelTests
{
    /// <summary>Relative to the range of an output.</summary>
    private const double Tolerance = 1e-4;

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
        foreach (Sample sample in images)
            AssertEqual(model, session, new Dictionary<string, Tensor>(StringComparer.Ordinal) { [model.InputNames[0]] = sample.Input });
    }

    [SkippableTheory]
    [InlineData("mnist", 15)]
    [InlineData("cifar", 1)]
    [InlineData("graphs", 3)]
    [InlineData("imagenet", 1)]
    [InlineData("imagenet_arch", 6, false)]
    [InlineData("other", 3)]
    [InlineData("paddle", 0)]
    [InlineData("quantized", 0)]
    [InlineData("sklearn", 0)]
    [InlineData("traffic", 3)]
    [InlineData("transformer", 0)]
    public void Third_party_models_compute_what_the_reference_computes(string folder, int atLeast, bool onRandomInputsToo = true)
    {
        int compared = 0;
        foreach (string file in SharedModels.Files(folder))
        {
            if (TryImport(file) is not { } model)
                continue;
            using OnnxRuntimeSession? session = OnnxRuntimeSession.TryOpen(file, out string reason);
            if (session is null)
            {
                _log.WriteLine($"{Path.GetFileName(file)}: the reference refuses it: {reason}");
                continue;
            }

            IReadOnlyDictionary<string, Tensor>? recorded = RecordedRun.Of(file)?.Inputs;
            double error = recorded is null ? 0 : AssertEqual(model, session, recorded);
            if (recorded is null || onRandomInputsToo)
                error = Math.Max(error, AssertEqual(model, session, RandomInputs(model)));
            _log.WriteLine($"{Path.GetFileName(file)}: {error:E1}");
            compared++;
        }

        Assert.True(compared >= atLeast, $"only {compared} models import");
    }

    private static double AssertEqual(ImportedModel model, OnnxRuntimeSession session, IReadOnlyDictionary<string, Tensor> inputs)
    {
        IReadOnlyDictionary<string, Tensor> expected = session.Run(inputs);
        IReadOnlyList<Tensor> actual = FloatInterpreter.Run(model.Graph, [.. model.InputNames.Select(name => inputs[name])]);
        double error = model.OutputNames.Zip(actual).Max(output => TensorComparison.RangeError(output.Second, expected[output.First]));
        Assert.True(error < Tolerance, $"{model.Graph.Name} by {model.Producer}: {error:E1}");
        return error;
    }

    /// <summary>Floats in [0, 1), integers 0 and 1: what every model takes, as an image, an index or a flag.</summary>
    private static Dictionary<string, Tensor> RandomInputs(ImportedModel model)
    {
        Random random = new(20240501);
        return model.Graph.Inputs.ToDictionary(input => input.Name, input => RandomTensor(input.Type, random), StringComparer.Ordinal);
    }

    private static Tensor RandomTensor(TensorType type, Random random) => type.IsFloat
        ? Tensor.FromFloats(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextSingle())])
        : Tensor.FromIntegers(type, [.. Enumerable.Range(0, type.Shape.Count).Select(_ => random.NextInt64(2))]);

    private static ImportedModel? TryImport(string file)
    {
        try
        {
            return OnnxImporter.Import(file);
        }
        catch (ModelNotSupportedException)
        {
            return null;
        }
    }
}
