using Google.Protobuf;
using PrivateInference.Frontend.Data;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Reference;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;
using PrivateInference.IR.Execution;
using PrivateInference.IR.Verification;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>The models that <c>tools/conformance/export.py</c> wrote, and what PyTorch computed for them.</summary>
public class PyTorchModelTests
{
    private static readonly Dictionary<string, ConformanceCase> _cases = ConformanceSuite.PyTorch.Cases().ToDictionary(c => c.Name, StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. _cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_exported_model_computes_what_PyTorch_computed(string name)
    {
        ConformanceCase test = _cases[name];
        GraphProto declared = test.ReadModel().Graph;
        string data = Assert.Single(test.DataSets());
        ImportedModel model = OnnxImporter.Import(
            Path.Combine(test.Folder, "model.onnx"), new ImportOptions { Dimensions = ConformanceRunner.OpenDimensions(declared, data) });
        GraphVerifier.Require(model.Graph);
        IReadOnlyList<Tensor> outputs = FloatInterpreter.Run(model.Graph, [.. Read(data, "input")]);
        Tensor[] expected = [.. Read(data, "output")];
        Assert.Equal(expected.Select(e => e.Type), outputs.Select(o => o.Type));
        Assert.All(outputs.Zip(expected), pair => Assert.InRange(TensorComparison.RangeError(pair.First, pair.Second), 0, ModelCheck.Tolerance));
    }

    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void An_exported_model_computes_what_the_reference_computes(string name)
    {
        Skip.IfNot(OnnxRuntimeLibrary.IsAvailable, "ONNX Runtime is not installed; ./build.sh reference gets it");
        ModelCheck check = ModelCheck.Of(Path.Combine(_cases[name].Folder, "model.onnx"));
        Assert.True(check.Matches, $"{check.Error:E1} {check.Reason}");
    }

    /// <summary>The set is worth having only while it covers what networks are made of.</summary>
    [Fact]
    public void The_models_cover_operators_and_operator_sets()
    {
        string[] operators = [.. _cases.Values.SelectMany(c => c.Operators).Distinct()];
        Assert.Empty("""
            Add ArgMax AveragePool BatchNormalization Celu Clip Concat Conv ConvTranspose CumSum DepthToSpace DequantizeLinear Einsum Elu Erf Expand
            Flatten Gather Gemm GlobalAveragePool HardSigmoid HardSwish If InstanceNormalization LayerNormalization LeakyRelu
            LogSoftmax Loop MatMul MaxPool Mul Neg PRelu Pad Pow QuantizeLinear ReduceMean ReduceSum Relu Reshape Resize Selu Shape Sigmoid Slice
            Softmax Softplus Split Sqrt Tanh TopK Transpose Where
            """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).Except(operators));
        Assert.Equal([7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17], _cases.Values.Select(c => c.Opset).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cut_file_is_refused(string name)
    {
        byte[] bytes = _cases[name].ReadModel().ToByteArray();
        foreach (int length in Enumerable.Range(1, 15).Select(part => bytes.Length * part / 16))
            AssertRefused(bytes[..length]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_without_one_of_its_weights_is_refused(string name)
    {
        ModelProto model = _cases[name].ReadModel();
        foreach (TensorProto weight in model.Graph.Initializer.Where(w => model.Graph.Input.All(i => i.Name != w.Name)).ToArray())
        {
            ModelProto damaged = model.Clone();
            damaged.Graph.Initializer.Remove(weight);
            Exception refusal = AssertRefused(damaged.ToByteArray());
            Assert.Contains(weight.Name, refusal.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_model_with_a_short_weight_is_refused(string name)
    {
        ModelProto model = _cases[name].ReadModel();
        foreach (TensorProto weight in model.Graph.Initializer.Where(w => w.RawData.Length > 0))
        {
            ByteString whole = weight.RawData;
            weight.RawData = ByteString.CopyFrom(whole.Span[..^1]);
            Assert.Contains(weight.Name, AssertRefused(model.ToByteArray()).Message, StringComparison.Ordinal);
            weight.RawData = whole;
        }
    }

    private static Exception AssertRefused(byte[] bytes)
    {
        Exception? refusal = Record.Exception(() => OnnxImporter.Import(bytes, new ImportOptions { BatchSize = 2 }));
        Assert.True(refusal is ModelFormatException or ModelNotSupportedException, refusal?.ToString() ?? "imported");
        return refusal!;
    }

    private static IEnumerable<Tensor> Read(string dataSet, string kind)
        => Directory.EnumerateFiles(dataSet, $"{kind}_*.pb").Order(StringComparer.Ordinal).Select(file => TensorReader.Read(file));
}
