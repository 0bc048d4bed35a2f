using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend;

/// <summary>
/// Reads ONNX models (operator sets 6 and newer) into the compiler's graph. Shapes become static, shape arithmetic is
/// computed away, and operators that have several forms over the versions come out in one.
/// </summary>
public static class OnnxImporter
{
    /// <summary>Imports a model file; external data is looked for beside it.</summary>
    /// <exception cref="ModelFormatException">The file is missing, damaged, not ONNX, or lacks its external data.</exception>
    /// <exception cref="ModelNotSupportedException">The model cannot be compiled; holds every reason.</exception>
    public static ImportedModel Import(string path, ImportOptions? options = null)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return Import(file, new ExternalDataReader(Path.GetDirectoryName(Path.GetFullPath(path))), options ?? ImportOptions.Default);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException($"The model file '{path}' cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Imports a model that holds all its data.</summary>
    /// <inheritdoc cref="Import(string, ImportOptions)"/>
    public static ImportedModel Import(Stream stream, ImportOptions? options = null)
        => Import(stream, ExternalDataReader.None, options ?? ImportOptions.Default);

    /// <inheritdoc cref="Import(Stream, ImportOptions)"/>
    public static ImportedModel Import(byte[] bytes, ImportOptions? options = null)
        => Import(new MemoryStream(bytes, writable: false), options);

    private static ImportedModel Import(Stream stream, ExternalDataReader externalData, ImportOptions options)
    {
        ModelProto model = ModelReader.Read(stream, options.MaxFileBytes);
        new FunctionInliner(model, options.MaxInlinedNodes).Run();
        Opsets opsets = new(model);
        (Graph graph, ImmutableArray<Diagnostic> warnings) = new GraphImporter(model.Graph, opsets, options, externalData).Import();
        return new ImportedModel(
            graph,
            $"{model.ProducerName} {model.ProducerVersion}".Trim(),
            model.IrVersion,
            opsets.Versions,
            [.. graph.Inputs.Select(v => v.Name)],
            [.. model.Graph.Output.Select(o => o.Name).Distinct(StringComparer.Ordinal)],
            [.. opsets.Warnings, .. warnings]);
    }
}
