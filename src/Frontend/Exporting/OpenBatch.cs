using PrivateInference.Frontend.Diagnostics;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Exporting;

/// <summary>Whether a model that claims to take any number of samples does.</summary>
internal static class OpenBatch
{
    private const string WayOut = "Export it without an open batch.";

    /// <summary>Reads the model back for two samples.</summary>
    /// <param name="graph">The graph, for one sample.</param>
    /// <param name="model">The file.</param>
    /// <exception cref="ExportException">The graph is not for one sample, or fixes their number somewhere.</exception>
    public static void Require(Graph graph, byte[] model)
    {
        if (graph.Inputs.Concat(graph.Outputs).FirstOrDefault(v => v.Shape.Rank == 0 || v.Shape[0] != 1) is { } other)
            throw new ExportException($"'{other.Name}' has shape {other.Shape}, so its first dimension is not the number of samples. {WayOut}");
        Graph two;
        try
        {
            two = OnnxImporter.Import(model, new ImportOptions { BatchSize = 2 }).Graph;
        }
        catch (ModelNotSupportedException e)
        {
            throw new ExportException($"The model fixes the number of samples:\n{e.Message}\n{WayOut}");
        }

        foreach ((Value one, Value both) in graph.Outputs.Distinct().Zip(two.Outputs))
        {
            if (both.Shape != new Shape([2, .. one.Shape.Dimensions.Skip(1)]))
                throw new ExportException($"Of two samples, output '{one.Name}' would have shape {both.Shape}: the model mixes them or fixes their number. {WayOut}");
        }
    }
}
