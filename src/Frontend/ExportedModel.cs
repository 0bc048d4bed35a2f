using System.Collections.Immutable;
using Google.Protobuf;
using PrivateInference.Frontend.Exporting;
using PrivateInference.Frontend.Schema;

namespace PrivateInference.Frontend;

/// <summary>A model ready to be written.</summary>
public sealed class ExportedModel
{
    private readonly ModelProto _model;

    internal ExportedModel(ModelProto model) => _model = model;

    /// <summary>The version of ONNX's operators that the model uses.</summary>
    public int Opset => (int)_model.OpsetImport.Single(o => o.Domain.Length == 0).Version;

    /// <summary>The functions that the model defines, with their domain.</summary>
    public ImmutableArray<string> Functions => [.. _model.Functions.Select(f => $"{FunctionDomain.Name}.{f.Name}")];

    /// <summary>How many operator nodes the graph has.</summary>
    public int NodeCount => _model.Graph.Node.Count;

    /// <summary>The size of the file, in bytes.</summary>
    public int FileBytes => _model.CalculateSize();

    public byte[] ToBytes() => _model.ToByteArray();

    /// <summary>Writes the file such that no reader ever sees half of it.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        string partial = path + ".partial";
        try
        {
            using (FileStream file = File.Create(partial))
                _model.WriteTo(file);
            File.Move(partial, path, overwrite: true);
        }
        catch (IOException)
        {
            File.Delete(partial);
            throw;
        }
    }
}
