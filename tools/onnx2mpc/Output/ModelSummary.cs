using PrivateInference.Backends.Diagnostics;
using PrivateInference.Frontend;
using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes;

namespace PrivateInference.CommandLine.Output;

/// <summary>A model as <c>inspect</c> shows it: after folding what folds away.</summary>
internal sealed record ModelSummary
{
    public required string Model { get; init; }

    public required string Producer { get; init; }

    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    public required IReadOnlyList<string> Inputs { get; init; }

    public required IReadOnlyList<string> Outputs { get; init; }

    public required long Parameters { get; init; }

    public required long MultiplyAccumulates { get; init; }

    public required long Relus { get; init; }

    /// <summary>Sign decisions by the operation that needs them.</summary>
    public required IReadOnlyDictionary<string, long> ComparisonsByKind { get; init; }

    public required IReadOnlyList<PassSuggestion> SuggestedPasses { get; init; }

    public required IReadOnlyList<LayerSummary> Layers { get; init; }

    public required IReadOnlyList<string> Unsupported { get; init; }

    public required IReadOnlyList<string> Warnings { get; init; }

    public static ModelSummary Of(string name, ImportedModel model, Graph graph, IReadOnlyList<CompileDiagnostic> problems)
    {
        LayerSummary[] layers = [.. graph.Nodes.Where(n => n.Operation is not Constant).Select(n => LayerSummary.Of(graph, n))];
        return new ModelSummary
        {
            Model = name,
            Producer = model.Producer,
            Opsets = model.Opsets,
            Inputs = [.. graph.Inputs.Select(v => $"{v.Name}: {v.Type}")],
            Outputs = [.. graph.Outputs.Select(v => $"{v.Name}: {v.Type}")],
            Parameters = graph.Nodes.Sum(n => n.Operation is Constant { Tensor.Type.IsFloat: true } c ? (long)c.Tensor.Shape.Count : 0),
            MultiplyAccumulates = layers.Sum(l => l.MultiplyAccumulates),
            Relus = SignDecisions.Count(graph),
            ComparisonsByKind = layers.Where(l => l.Relus > 0).GroupBy(l => l.Operation, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(l => l.Relus), StringComparer.Ordinal),
            SuggestedPasses = PassSuggestion.For(graph),
            Layers = layers,
            Unsupported = [.. problems.Select(p => p.ToString())],
            Warnings = [.. model.Warnings.Select(w => w.ToString())],
        };
    }
}
