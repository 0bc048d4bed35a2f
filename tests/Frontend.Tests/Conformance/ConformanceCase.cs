using PrivateInference.Frontend.Operators;
using PrivateInference.Frontend.Schema;
using DataType = PrivateInference.Frontend.Schema.TensorProto.Types.DataType;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>A published case: a folder with <c>model.onnx</c> and <c>test_data_set_*/{input,output}_*.pb</c>.</summary>
internal sealed class ConformanceCase
{
    public ConformanceCase(ConformanceSuite suite, string folder)
    {
        Suite = suite;
        Folder = folder;
        ModelProto model = ReadModel();
        Operators = [.. model.Graph.Node.Select(OperatorTable.QualifiedName).Where(o => o is not "Constant").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Opset = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).FirstOrDefault(1);
        ElementTypes = [.. model.Graph.Input.Concat(model.Graph.Output).Select(v => v.Type?.TensorType?.ElemType ?? 0).Distinct().Order()];
    }

    public ConformanceSuite Suite { get; }

    public string Folder { get; }

    public string Name => Path.GetFileName(Folder);

    /// <summary>The distinct operators of the model, apart from Constant, in alphabetical order.</summary>
    public IReadOnlyList<string> Operators { get; }

    /// <summary>The version of ONNX's operator set.</summary>
    public long Opset { get; }

    /// <summary>ONNX's numbers of the types of inputs and outputs; 0 for one that is not a tensor.</summary>
    public IReadOnlyList<int> ElementTypes { get; }

    /// <summary>Whether the case repeats another one with the operator written as the function that defines it.</summary>
    public bool IsExpanded => Name.Contains("_expanded", StringComparison.Ordinal);

    public bool UsesOnlyFloatAndInt64 => ElementTypes.All(t => t is (int)DataType.Float or (int)DataType.Int64);

    public ModelProto ReadModel() => ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Folder, "model.onnx")));

    /// <summary>The folders with inputs and expected outputs.</summary>
    public IEnumerable<string> DataSets() => Directory.EnumerateDirectories(Folder, "test_data_set_*").Order(StringComparer.Ordinal);

}
