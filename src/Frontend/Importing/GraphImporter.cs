using System.Collections.Immutable;
using PrivateInference.Frontend.Diagnostics;
using PrivateInference.Frontend.Operators;
using PrivateInference.Frontend.Schema;
using PrivateInference.IR;

namespace PrivateInference.Frontend.Importing;

/// <summary>
/// Imports one graph: the model's, or one that a node holds and that sees the values around it. A node that cannot be imported is reported and its outputs stay unknown; nodes that depend on it
/// are skipped unless they have a fault of their own, so each cause is listed once and all causes are listed.
/// </summary>
internal sealed class GraphImporter
{
    private readonly GraphProto _graph;
    private readonly GraphStructure _structure;
    private readonly ImportSession _session;
    private readonly NodeNames _names;
    private readonly string _prefix;

    /// <summary>The graph around this one; null for the model's own.</summary>
    private readonly GraphImporter? _outer;

    /// <summary>What each name stands for; null for a value whose producer could not be imported.</summary>
    private readonly Dictionary<string, Operand?> _operands = new(StringComparer.Ordinal);

    /// <exception cref="ModelFormatException">The graph is malformed.</exception>
    public GraphImporter(GraphProto graph, Opsets opsets, ImportOptions options, ExternalDataReader externalData)
        : this(graph, new ImportSession(graph.Name.Length > 0 ? graph.Name : "model", opsets, options, externalData), outer: null, prefix: "")
    {
    }

    private GraphImporter(GraphProto graph, ImportSession session, GraphImporter? outer, string prefix)
    {
        _graph = graph;
        _session = session;
        _outer = outer;
        _prefix = prefix;
        _structure = session.StructureOf(graph, IsDefinedOutside);
        _names = new NodeNames(graph);
    }

    /// <summary>The graph, and the warnings about it.</summary>
    /// <exception cref="ModelFormatException">A tensor is damaged or missing.</exception>
    /// <exception cref="ModelNotSupportedException">The graph cannot be compiled.</exception>
    public (Graph Graph, ImmutableArray<Diagnostic> Warnings) Import()
    {
        ImportInputs();
        ImportBody();
        if (_session.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            throw new ModelNotSupportedException([.. _session.Diagnostics]);

        // Some files declare an output twice; it is one output.
        foreach (ValueInfoProto output in _graph.Output.DistinctBy(o => o.Name, StringComparer.Ordinal))
            Guarded(null, null, () => ImportOutput(output));
        if (_session.Diagnostics.Any(d => d.Severity == DiagnosticSeverity.Error))
            throw new ModelNotSupportedException([.. _session.Diagnostics]);
        return (_session.Builder.Build(), [.. _session.Diagnostics]);
    }

    /// <summary>Imports a graph that a node holds into the graph under construction.</summary>
    /// <param name="body">The graph; it may read values of this one.</param>
    /// <param name="inputs">What its inputs stand for.</param>
    /// <param name="prefix">Tells its nodes' names apart.</param>
    /// <returns>What its outputs stand for; null for one that could not be imported, which has been reported.</returns>
    /// <exception cref="GraphException">The number of inputs does not fit.</exception>
    /// <exception cref="ImportException">Subgraphs hold too many nodes in all.</exception>
    public Operand?[] Inline(GraphProto body, IReadOnlyList<Operand> inputs, string prefix)
    {
        if (body.Input.Count != inputs.Count)
            throw new GraphException($"Its graph has {body.Input.Count} inputs and gets {inputs.Count}.");
        _session.ReserveNodes(body.Node.Count + 1L);
        GraphImporter importer = new(body, _session, this, prefix);
        for (int i = 0; i < inputs.Count; i++)
            importer._operands[body.Input[i].Name] = inputs[i];
        importer.ImportBody();
        return [.. body.Output.Select(o => importer.Lookup(o.Name))];
    }

    private void ImportBody()
    {
        ImportInitializers();
        foreach (int index in _structure.Order)
            ImportNode(_graph.Node[index], _prefix + _names[index]);
    }

    private void ImportInputs()
    {
        InputTypes types = new(_graph, _session.Options);
        HashSet<string> initializers = new(_graph.Initializer.Select(t => t.Name).Concat(_graph.SparseInitializer.Select(t => t.Values.Name)), StringComparer.Ordinal);
        foreach (ValueInfoProto input in _graph.Input.Where(i => !initializers.Contains(i.Name)))
            _operands[input.Name] = Guarded(null, null, () => new Operand(_session.Builder.Input(input.Name, types.Resolve(input))));
    }

    private void ImportInitializers()
    {
        foreach (TensorProto initializer in _graph.Initializer.Where(t => _structure.IsUsed(t.Name) && !_operands.ContainsKey(t.Name)))
            _operands[initializer.Name] = Guarded(null, null, () => Known(initializer.Name, TensorDecoder.Decode(initializer, _session.ExternalData)));
        foreach (SparseTensorProto sparse in _graph.SparseInitializer.Where(t => _structure.IsUsed(t.Values.Name)))
            _operands[sparse.Values.Name] = Guarded(null, null, () => Known(sparse.Values.Name, SparseDecoder.Decode(sparse, _session)));
    }

    /// <summary>The tensors of a subgraph are made anew each time it is imported, so they count.</summary>
    private Operand Known(string name, Tensor tensor)
    {
        if (_outer is not null)
            _session.Reserve(tensor.Shape.Count);
        return new Operand(_prefix + name, tensor);
    }

    /// <summary>What a name stands for here or in the graphs around.</summary>
    private Operand? Lookup(string name)
    {
        for (GraphImporter? scope = this; scope is not null; scope = scope._outer)
        {
            if (scope._operands.TryGetValue(name, out Operand? operand))
                return operand;
        }

        return null;
    }

    private bool IsDefinedOutside(string name)
    {
        for (GraphImporter? scope = _outer; scope is not null; scope = scope._outer)
        {
            if (scope._structure.IsDefined(name))
                return true;
        }

        return false;
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
        Operand?[] inputs = [.. node.Input.Select(i => i.Length > 0 ? Lookup(i) : null)];
        if (node.Input.Where((name, i) => name.Length > 0 && inputs[i] is null).Any())
            return [];
        ImportContext context = new(node, name, inputs, _session, this);
        importer(context);
        return context.Results;
    }

    /// <summary>Whether anything reads the value.</summary>
    public bool IsUsed(string valueName) => _structure.IsUsed(valueName);

    private Value ImportOutput(ValueInfoProto output)
    {
        // A node may have more outputs than its operator defines.
        Operand operand = _operands[output.Name]
            ?? throw new ImportException(DiagnosticCodes.UnsupportedOutput, $"output '{output.Name}' is not computed by the node that it belongs to.");
        Value value = operand.In(_session.Builder);
        _session.Builder.Output(value);
        if (output.Type?.TensorType?.Shape is not { } declared)
            return value;
        bool fits = declared.Dim.Count == value.Shape.Rank;
        for (int axis = 0; fits && axis < declared.Dim.Count; axis++)
        {
            fits = declared.Dim[axis].DimValue <= 0 || declared.Dim[axis].DimValue == value.Shape[axis]
                || (axis == 0 && declared.Dim[axis].DimValue == _session.Options.ReducedBatch);
        }

        if (!fits)
            _session.Report(new Diagnostic(DiagnosticCodes.DeclaredTypeDiffers, DiagnosticSeverity.Warning, null, null, $"output '{output.Name}' has shape {value.Shape}, which is not the declared one."));
        return value;
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
