using System.Text.Json;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Tests.Conformance;

/// <summary>Inputs recorded for a model: raw little-endian tensors, described by an io.json.</summary>
internal static class RecordedInputs
{
    /// <summary>The inputs recorded for <c>…/models/FOLDER/NAME.onnx</c> by name, or null when there are none.</summary>
    public static IReadOnlyDictionary<string, Tensor>? Of(string modelFile)
    {
        string folder = Path.GetDirectoryName(modelFile)!;
        string record = Path.Combine(folder, "..", "expected", Path.GetFileName(folder), Path.GetFileNameWithoutExtension(modelFile));
        string description = Path.Combine(record, "io.json");
        if (!File.Exists(description))
            return null;
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(description));
        return json.RootElement.GetProperty("inputs").EnumerateArray()
            .Select((tensor, i) => KeyValuePair.Create(tensor.GetProperty("name").GetString()!, Read(tensor, Path.Combine(record, $"input_{i}.bin"))))
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
