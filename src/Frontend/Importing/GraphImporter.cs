using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Operators;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// Imports one graph. A node that cannot be imported is reported and its outputs stay unknown; nodes that depend on it
/// are skipped unless they have a fault of their own, so each cause is listed once and all causes are listed.
/// </summary>
internal sealed class GraphImporter
{
    private readonly GraphProto _graph;
    private readonly Opsets _opsets;
    private readonly GraphStructure _structure;
    private readonly ImportSession _session;
    private readonly ImportOptions _options;
    private readonly NodeNames _names;

    /// <summary>What each name stands for; null for a value whose producer could not be imported.</summary>
    private readonly Dictionary<string, Operand?> _operands = new(StringComparer.Ordinal);

    /// <exception cref="ModelFormatException">The graph is malformed.</exception>
    public GraphImporter(GraphProto graph, Opsets opsets, ImportOptions options, ExternalDataReader externalData)
    {
        _graph = graph;
        _opsets = opsets;
        _options = options;
        _structure = new GraphStructure(graph);
        _session = new ImportSession(graph.Name.Length > 0 ? graph.Name : "model", _structure, options, externalData);
        _names = new NodeNames(graph);
    }

    /// <summary>The graph, and the warnings about it.</summary>
    /// <exception cref="ModelFormatException">A tensor is damaged or missing.</exception>
    /// <exception cref="ModelNotSupportedException">The graph cannot be compiled.</exception>
    public (Graph Graph, ImmutableArray<Diagnostic> Warnings) Import()
    {
        ImportInputs();
        ImportInitializers();
        foreach (int index in _structure.Order)
            ImportNode(_graph.Node[index], _names[index]);
        if (_session.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            throw new ModelNotSupportedException([.. _session.Diagnostics]);

        // Some files declare an output twice; it is one output.
        foreach (ValueInfoProto output in _graph.Output.DistinctBy(o => o.Name, StringComparer.Ordinal))
            ImportOutput(output);
        return (_session.Builder.Build(), [.. _session.Diagnostics]);
    }

    private void ImportInputs()
    {
        InputTypes types = new(_graph, _options);
        HashSet<string> initializers = new(_graph.Initializer.Select(t => t.Name), StringComparer.Ordinal);
        foreach (ValueInfoProto input in _graph.Input.Where(i => !initializers.Contains(i.Name)))
            _operands[input.Name] = Guarded(null, null, () => new Operand(_session.Builder.Input(input.Name, types.Resolve(input))));
    }

    private void ImportInitializers()
    {
        foreach (TensorProto initializer in _graph.Initializer.Where(t => _structure.IsUsed(t.Name)))
            _operands[initializer.Name] = Guarded(null, null, () => new Operand(initializer.Name, TensorDecoder.Decode(initializer, _session.ExternalData)));
    }

    private void ImportNode(NodeProto node, string name)
    {
        string operatorType = OperatorTable.QualifiedName(node);
        IReadOnlyList<Operand> results = Guarded(name, operatorType, () => RunImporter(node, name, operatorType)) ?? [];
        for (int i = 0; i < node.Output.Count; i++)
            _operands[node.Output[i]] = i < results.Count ? results[i] : null;
    }

    /// <returns>The operands of the node's outputs; none when an input is unknown.</returns>
    private IReadOnlyList<Operand> RunImporter(NodeProto node, string name, string operatorType)
    {
        OperatorImporter importer = OperatorTable.Find(operatorType)
            ?? throw new ImportException(DiagnosticCodes.UnsupportedOperator, "the operator is not supported.", RewriteHints.For(operatorType));
        if (node.Input.Any(i => i.Length > 0 && _operands[i] is null))
            return [];
        Operand?[] inputs = [.. node.Input.Select(i => i.Length > 0 ? _operands[i] : null)];
        ImportContext context = new(node, name, _opsets.Of(node.Domain), inputs, _session);
        importer(context);
        return context.Results;
    }

    private void ImportOutput(ValueInfoProto output)
    {
        Value value = _operands[output.Name]!.In(_session.Builder);
        _session.Builder.Output(value);
        if (output.Type?.TensorType?.Shape is not { } declared)
            return;
        bool fits = declared.Dim.Count == value.Shape.Rank;
        for (int axis = 0; fits && axis < declared.Dim.Count; axis++)
            fits = declared.Dim[axis].DimValue <= 0 || declared.Dim[axis].DimValue == value.Shape[axis];
        if (!fits)
            _session.Report(new Diagnostic(DiagnosticCodes.DeclaredTypeDiffers, DiagnosticSeverity.Warning, null, null, $"output '{output.Name}' has shape {value.Shape}, which is not the declared one."));
    }

    /// <summary>Runs one part of the import; turns its failure into a finding.</summary>
    private T? Guarded<T>(string? nodeName, string? operatorType, Func<T> part)
        where T : class
    {
        try
        {
            return part();
        }
        catch (ImportException e)
        {
            _session.Report(new Diagnostic(e.Code, DiagnosticSeverity.Error, nodeName, operatorType, e.Message, e.Hint));
        }
        catch (GraphException e)
        {
            _session.Report(new Diagnostic(DiagnosticCodes.InvalidNode, DiagnosticSeverity.Error, nodeName, operatorType, e.Message));
        }
        catch (ArithmeticException)
        {
            _session.Report(new Diagnostic(DiagnosticCodes.InvalidNode, DiagnosticSeverity.Error, nodeName, operatorType, "a number in its attributes, shapes or operands is out of range."));
        }

        return null;
    }
}
