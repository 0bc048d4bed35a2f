using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Frontend;
using PrivateInference.Passes;
using PrivateInference.IR;

namespace PrivateInference.CommandLine.Support;

/// <summary>From a model file to the graph that the backends take.</summary>
internal static class ModelLoader
{
    /// <summary>Imports a model for one sample at a time.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <param name="dimensions">Values of symbolic dimensions, NAME=VALUE each.</param>
    public static ImportedModel Import(string path, IEnumerable<string>? dimensions = null)
    {
        ImmutableDictionary<string, int>.Builder values = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (string text in dimensions ?? [])
        {
            string[] sides = text.Split('=');
            if (sides.Length != 2 || !int.TryParse(sides[1], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value < 1)
                throw new UsageException($"'{text}' is not of the form NAME=SIZE.");
            values[sides[0]] = value;
        }

        return SingleSampleImporter.Import(path, new ImportOptions { Dimensions = values.ToImmutable() });
    }

    /// <summary>Canonical form, the passes that the user asked for, canonical form again.</summary>
    /// <exception cref="UsageException">A pass cannot do what was asked for.</exception>
    public static PassResult Rewrite(Graph graph, IReadOnlyList<Pass> passes, PassContext? given = null, bool check = false)
    {
        PassContext context = given ?? PassContext.Default;
        Graph canonical = PassPipeline.Canonicalize(graph, context);
        PassResult rewritten = Run(new PassManager(passes, verify: true, check), canonical, context);
        return rewritten with { Graph = PassPipeline.Canonicalize(rewritten.Graph, context) };
    }

    private static PassResult Run(PassManager manager, Graph graph, PassContext context)
    {
        try
        {
            return manager.Run(graph, context);
        }
        catch (PassException e)
        {
            throw new UsageException(e.Message);
        }
    }
}
