using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>What the nodes of one import share: the graph under construction, the findings, the budget.</summary>
internal sealed class ImportSession(string graphName, GraphStructure structure, ImportOptions options, ExternalDataReader externalData)
{
    private readonly List<Diagnostic> _diagnostics = [];
    private long _computedElements;

    public GraphBuilder Builder { get; } = new(graphName);

    public ExternalDataReader ExternalData { get; } = externalData;

    public IReadOnlyList<Diagnostic> Diagnostics => _diagnostics;

    public bool IsUsed(string valueName) => structure.IsUsed(valueName);

    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    /// <exception cref="ImportException">The budget is spent.</exception>
    public void Reserve(long elements)
    {
        _computedElements += elements;
        if (_computedElements > options.MaxComputedElements)
            throw new ImportException(DiagnosticCodes.TooLarge, $"the model computes constants of more than {options.MaxComputedElements} elements in all.");
    }
}
