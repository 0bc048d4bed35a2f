using System.Text.Json;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>
/// Inputs of a model and the outputs that ONNX Runtime computed for them: raw little-endian tensors, described by an io.json.
/// </summary>
internal sealed record RecordedRun(IReadOnlyDictionary<string, Tensor> Inputs, IReadOnlyDictionary<string, Tensor> Outputs)
{
    /// <summary>The record that belongs to <c>…/models/FOLDER/NAME.onnx</c>, or null when there is none.</summary>
    public static RecordedRun? Of(string modelFile)
    {
        string folder = Path.GetDirectoryName(modelFile)!;
        string record = Path.Combine(folder, "..", "expected", Path.GetFileName(folder), Path.GetFileNameWithoutExtension(modelFile));
        string description = Path.Combine(record, "io.json");
        if (!File.Exists(description))
            return null;
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(description));
        return new RecordedRun(Tensors("input"), Tensors("output"));

        Dictionary<string, Tensor> Tensors(string kind) => json.RootElement.GetProperty(kind + "s").EnumerateArray()
            .Select((tensor, i) => KeyValuePair.Create(tensor.GetProperty("name").GetString()!, Read(tensor, Path.Combine(record, $"{kind}_{i}.bin"))))
            .ToDictionary(StringComparer.Ordinal);
    }

    private static Tensor Read(JsonElement description, string file)
    {
        ElementFormat format = description.GetProperty("type").GetString() switch
        {
            "float32" => ElementFormat.Float32,
            "int64" => ElementFormat.Int64,
            "uint8" => ElementFormat.UInt8,
            string other => throw new InvalidDataException($"{file} holds {other}"),
            null => throw new InvalidDataException($"{file} has no type"),
        };
        return format.Read(new Shape([.. description.GetProperty("dims").EnumerateArray().Select(d => d.GetInt32())]), File.ReadAllBytes(file));
    }
}
