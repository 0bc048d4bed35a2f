using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Importing;

namespace PrivateInference.Frontend;

/// <summary>
/// Imports a model for one sample at a time. Some exporters fix the batch, at 10 say; where the samples of a batch do not
/// influence each other, the model is imported as one of batch 1, as if its batch had been left open.
/// </summary>
public static class SingleSampleImporter
{
    /// <inheritdoc cref="OnnxImporter.Import(string, ImportOptions)"/>
    /// <returns>The model of one sample, with a warning that says so; the model as it is where its batch is not fixed, or its samples depend on each other.</returns>
    public static ImportedModel Import(string path, ImportOptions? options = null)
    {
        options ??= ImportOptions.Default;
        ImportedModel model = OnnxImporter.Import(path, options);
        if (SampleIndependence.BatchOf(model.Graph) is not { } batch || TryImport(path, options with { ReducedBatch = batch }) is not { } single)
            return model;
        return SampleIndependence.Holds(model.Graph, single.Graph, batch)
            ? single with { Warnings = single.Warnings.Add(Reduced(batch)) }
            : model;
    }

    private static ImportedModel? TryImport(string path, ImportOptions options)
    {
        try
        {
            return OnnxImporter.Import(path, options);
        }
        catch (ModelNotSupportedException)
        {
            return null;
        }
    }

    private static Diagnostic Reduced(int batch) => new(
        DiagnosticCodes.BatchReduced,
        DiagnosticSeverity.Warning,
        null,
        null,
        $"the model takes {batch} samples at once; as they do not influence each other, it is read as a model of one sample.");
}
