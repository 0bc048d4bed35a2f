using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>What the nodes of one import share: the graph under construction, the findings, the budget.</summary>
internal sealed class ImportSession(string graphName, Opsets opsets, ImportOptions options, ExternalDataReader externalData)
{
    private readonly List<Diagnostic> _diagnostics = [];

    /// <summary>A loop's body is imported once an iteration and has one structure.</summary>
    private readonly Dictionary<GraphProto, GraphStructure> _structures = new(ReferenceEqualityComparer.Instance);

    private long _computedElements;
    private long _inlinedNodes;

    public Opsets Opsets { get; } = opsets;

    public ImportOptions Options { get; } = options;

    public GraphBuilder Builder { get; } = new(graphName);

    public ExternalDataReader ExternalData { get; } = externalData;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    /// <exception cref="ModelFormatException">The graph is malformed.</exception>
    public GraphStructure StructureOf(GraphProto graph, Func<string, bool> isDefinedOutside)
    {
        if (!_structures.TryGetValue(graph, out GraphStructure? structure))
            _structures[graph] = structure = new GraphStructure(graph, isDefinedOutside);
        return structure;
    }

    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    /// <exception cref="ImportException">The budget is spent.</exception>
    public void Reserve(long elements)
    {
        _computedElements += elements;
        if (_computedElements > Options.MaxComputedElements)
            throw new ImportException(DiagnosticCodes.TooLarge, $"the model computes constants of more than {Options.MaxComputedElements} elements in all.");
    }

    /// <summary>Counts nodes of subgraphs, each time that they are imported.</summary>
    /// <exception cref="ImportException">The budget is spent.</exception>
    public void ReserveNodes(long nodes)
    {
        _inlinedNodes += nodes;
        if (_inlinedNodes > Options.MaxInlinedNodes)
            throw new ImportException(DiagnosticCodes.TooLarge, $"branches and unrolled loops hold more than {Options.MaxInlinedNodes} nodes in all.");
    }
}
